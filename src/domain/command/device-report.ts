import Type, { type Static } from 'typebox';
import { compileCheck } from '../check.ts';
import { fieldError } from '../errors.ts';
import type { AgentCommand, SensorCommand } from './sensor-command.ts';

const Int32 = Type.Integer({ minimum: -2_147_483_648, maximum: 2_147_483_647 });

/** What a device says on `sensor/ack/<id>/<key>`. Further members are ignored. */
export const DeviceReport = Type.Object({
  /** Asks for the present envelope. */
  ask: Type.Optional(Type.Boolean()),
  /** Of the envelope that it is about. */
  id: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  state: Type.Optional(
    Type.Union([Type.Literal('acknowledged'), Type.Literal('observed'), Type.Literal('failed')]),
  ),
  /** What the actuators really do, by domain. */
  values: Type.Optional(Type.Record(Type.String({ maxLength: 255 }), Int32)),
  reason: Type.Optional(Type.String({ maxLength: 255 })),
});
export type DeviceReport = Static<typeof DeviceReport>;

const MOST_VALUES = 64;
/** A device's clock, and the way of a message, may be off by so much. */
export const GRACE_MS = 5_000;

const check = compileCheck(DeviceReport, 'report');

/** Checks a parsed report; throws an error that names the bad field. */
export function parseReport(value: unknown): DeviceReport {
  const report = check(value);
  if (report.ask !== true && report.state === undefined) throw fieldError('state', 'is missing');
  if (report.state !== undefined && report.id === undefined) throw fieldError('id', 'is missing');
  const count = Object.keys(report.values ?? {}).length;
  if (report.state === 'observed' && count === 0) throw fieldError('values', 'is missing');
  if (count > MOST_VALUES) throw fieldError('values', `must not hold more than ${MOST_VALUES}`);
  return report;
}

/** What a command's members become by a report of its device. */
export type Progress = Pick<SensorCommand, 'state' | 'observed' | 'reason'>;

/** What a device's report makes of a command. */
export function progressOf(command: SensorCommand, report: DeviceReport, now: number): Progress {
  const { state, observed, reason } = command;
  const values = report.values === undefined ? observed : known(command, report.values);
  switch (report.state) {
    case 'observed':
      return compare(command, values ?? {}, now);
    case 'failed':
      return { state: 'failed', observed: values, reason: report.reason ?? null };
    case 'acknowledged':
      // It may come after what the device has seen already.
      if (state === 'observed' || state === 'failed') return { state, observed: values, reason };
      return { state: 'acknowledged', observed: values, reason: null };
    default:
      return { state, observed, reason };
  }
}

function known({ agents }: SensorCommand, values: Readonly<Record<string, number>>): Record<string, number> {
  const ours = agents.filter(({ domain }) => Object.hasOwn(values, domain));
  return Object.fromEntries(ours.map(({ domain }) => [domain, values[domain] as number]));
}

function compare(command: SensorCommand, observed: Readonly<Record<string, number>>, now: number): Progress {
  const wrong = command.agents.find(
    (agent) =>
      Object.hasOwn(observed, agent.domain) && !isRight(agent, observed[agent.domain] as number, now),
  );
  if (wrong === undefined) return { state: 'observed', observed, reason: null };
  const reason = `${wrong.domain} is ${observed[wrong.domain]} instead of ${wrong.value}`;
  return { state: 'failed', observed, reason };
}

/** Until its end a value is right, and from its end on neutral is; about that moment both are. */
function isRight({ value, neutral, until }: AgentCommand, observed: number, now: number): boolean {
  const isStill = until === null || now < until + GRACE_MS;
  const isOver = until !== null && now >= until - GRACE_MS;
  return (isStill && observed === value) || (isOver && observed === neutral);
}
