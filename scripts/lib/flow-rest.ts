import { httpInUrl, type Method, type Route } from '../../src/domain/rest/route.ts';
import { ROUTES } from '../../src/domain/rest/routes.ts';
import { GARDEN, group, openStart, type Placed, place, widthOf } from './flow-sheet.ts';

const ROW = 40;
/** Between two groups. */
const GAP = 18;
export const REST_COLOUR = '#ef6c00';

const api = (id: string, x: number, y: number, refusals: string) =>
  place({ id, type: 'ripe-api', name: 'API', garden: GARDEN }, x, y, [['ripe.runtime'], [refusals]]);

export const httpResponse = (id: string, name: string, x: number, y: number) =>
  place({ id, type: 'http response', name, statusCode: '', headers: {} }, x, y);

function httpIn(method: Method, route: Route, left: number, y: number, to: string): Placed {
  const id = `ripe.http.${route.operation}.${method.toLowerCase()}`;
  const url = httpInUrl(route);
  const name = `${method} ${route.path}`;
  const node = {
    id,
    type: 'http in',
    name,
    url,
    method: method.toLowerCase(),
    upload: false,
    swaggerDoc: '',
  };
  return place(node, left + widthOf(name) / 2, y, [[to]]);
}

type IsOfGroup = (route: Route) => boolean;

/** A group with one `http in` per method and path, and the API that they lead to, straight to the runtime. Answers where it ends. */
function layOutRoutes(name: string, x: number, y: number, belongs: IsOfGroup): number {
  const id = `ripe.api.${name}`;
  const refused = `ripe.refused.${name}`;
  const calls = ROUTES.filter(belongs).flatMap((route) => route.methods.map((method) => ({ route, method })));
  const members = calls.map(({ route, method }, index) =>
    httpIn(method, route, x + 26, y + 41 + index * ROW, id),
  );
  members.push(api(id, x + 450, y + 41, refused));
  members.push(httpResponse(refused, 'refused', x + 450, y + 101));
  const height = calls.length * ROW + 42;
  group(`ripe.group.rest.${name}`, `REST · ${name}`, REST_COLOUR, { x, y, w: 522, h: height }, members);
  return y + height;
}

/** Calls of other tabs, by `msg.call`: their answers are no HTTP responses. */
function layOutOwnCalls(x: number, y: number): void {
  group('ripe.group.calls', 'Calls of your own', REST_COLOUR, { x, y, w: 522, h: 82 }, [
    openStart('ripe.in.calls', 'calls', x + 41, y + 41, 'ripe.api'),
    api('ripe.api', x + 450, y + 41, 'ripe.out.answers'),
  ]);
}

/** Calls over HTTP, and of other tabs. */
export function layOutRest(): void {
  const isSensor: IsOfGroup = ({ path }) => path.startsWith('/api/sensor');
  const isOfAgent: IsOfGroup = ({ path }) => path.startsWith('/api/agent/');
  const isPlugin: IsOfGroup = ({ path }) => path.startsWith('/api/plugin');
  const isOfGarden: IsOfGroup = (route) => !isSensor(route) && !isOfAgent(route) && !isPlugin(route);
  layOutOwnCalls(594, 339);
  // What is asked most comes first: Express looks at one route after the other.
  layOutRoutes('sensors', 34, 479, isSensor);
  // A step lower: the wire of the sensors' API passes above.
  const agents = layOutRoutes('agents', 624, 559, isOfAgent);
  const garden = layOutRoutes('garden', 624, agents + GAP, isOfGarden);
  layOutRoutes('plugins', 624, garden + GAP, isPlugin);
}
