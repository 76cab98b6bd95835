import { RESOLUTIONS } from '../reading/resolution.ts';
import type { JsonSchema } from './components.ts';
import type { RangeRule, Route } from './route.ts';

const ID = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'The id of the sensor; what is no 32-bit integer is no path of ours (404)',
  schema: { type: 'integer', minimum: 1, maximum: 9_999_999 },
};
const JOB = {
  name: 'job',
  in: 'path',
  required: true,
  description: 'The id of the job',
  schema: { type: 'string' },
};
const DOMAIN = {
  name: 'domain64',
  in: 'path',
  required: true,
  description:
    'The domain of the agent in UTF-8 and then in standard base64 with padding; its slashes may stand in the path as they are',
  schema: { type: 'string', contentEncoding: 'base64', examples: ['MDFfV2F0ZXI='] },
};
const RANGES: Readonly<Record<RangeRule, string>> = {
  day: 'RFC 3339 with zone; from <= t < until, at most 24 hours',
  any: 'RFC 3339 with zone; from <= t < until',
  dayOrRows: 'RFC 3339 with zone; from <= t < until, at most 24 hours unless `resolution` is there',
  orNone: 'RFC 3339 with zone; from <= t < until. Both, or neither',
};
const rangeOf = (rule: RangeRule) =>
  ['from', 'until'].map((name) => ({
    name,
    in: 'query',
    ...(rule === 'orNone' ? {} : { required: true }),
    description: RANGES[rule],
    schema: { type: 'string', format: 'date-time' },
  }));
const RESOLUTION = {
  name: 'resolution',
  in: 'query',
  description:
    'raw: every reading. 30m: the 30-minute rows. 5m, 1h, 1d: least, mean and most of readings (5m) or of 30-minute rows, by the clock of X-TZ',
  schema: { type: 'string', enum: RESOLUTIONS },
};
const pageOf = (mostOnPage: number, hasResolution: boolean) => {
  const only = hasResolution ? '; counts with `resolution` only' : '';
  return [
    {
      name: 'limit',
      in: 'query',
      description: `How much at once, 1 to ${mostOnPage}; 1000 unless told${only}`,
      schema: { type: 'integer', minimum: 1, maximum: mostOnPage },
    },
    {
      name: 'cursor',
      in: 'query',
      description: `Where the page begins: the header Link of the answer before names it${only}`,
      schema: { type: 'string' },
    },
  ];
};
const LAST_EVENT = {
  name: 'Last-Event-ID',
  in: 'header',
  description: 'The id of the last event that the client has: what came since is told first',
  schema: { type: 'string' },
};
const READER = [
  {
    name: 'X-TZ',
    in: 'header',
    description: 'IANA zone for texts and times of day; UTC where it is missing or unknown',
    schema: { type: 'string', examples: ['Europe/Berlin'] },
  },
  {
    name: 'Accept-Language',
    in: 'header',
    description: 'en or de, for texts',
    schema: { type: 'string', examples: ['de'] },
  },
];

/** The parameters of a route, for the OpenAPI document. */
export function parametersOf(route: Route): JsonSchema[] {
  return [
    ...(route.path.includes('{id}') ? [ID] : []),
    ...(route.path.includes('{domain64}') ? [DOMAIN] : []),
    ...(route.path.includes('{job}') ? [JOB] : []),
    ...(route.range === undefined ? [] : rangeOf(route.range)),
    ...(route.hasResolution ? [RESOLUTION] : []),
    ...(route.mostOnPage === undefined ? [] : pageOf(route.mostOnPage, route.hasResolution === true)),
    ...(route.isStream ? [LAST_EVENT] : []),
    ...(route.isForReader ? READER : []),
  ];
}
