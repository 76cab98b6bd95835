import { isSaid, parseSensorTopic } from '../broker/topics.ts';
import { type DeviceReport, parseReport } from '../command/device-report.ts';
import { textOf } from '../errors.ts';
import { calibrate } from '../reading/calibration.ts';
import { parseReading, type Reading } from '../reading/reading.ts';
import { foldReading } from '../reading/row.ts';
import type { KeyRing } from '../sensor/keys.ts';
import { cutLogText } from '../sensor/log-line.ts';
import { SensorTable } from '../sensor/sensor-table.ts';
import type { Twin, Twins } from '../sensor/twin.ts';
import type { Store } from '../store.ts';
import type { Clock } from '../time/clock.ts';
import type { Drops } from './drops.ts';
import type { AgentLane } from './lanes/agent-lane.ts';
import type { RuntimeWires } from './ports.ts';

const LARGEST_PAYLOAD = 64 * 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true });

export interface IngestPorts {
  readonly store: Store;
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly wires: RuntimeWires;
  readonly logLines: number;
  reported(twin: Twin, report: DeviceReport): void;
}

/**
 * Takes readings, log lines and reports on commands, from MQTT and HTTP alike. Over MQTT nothing is answered: what is bad is dropped and
 * counted (protocol §5.1).
 */
export class Ingest {
  readonly #ports: IngestPorts;
  readonly #twins: Twins;
  readonly #drops: Drops;
  readonly #lanesOf: (sensor: number) => readonly AgentLane[];
  readonly #logSequences = new SensorTable<number>();

  constructor(
    ports: IngestPorts,
    twins: Twins,
    drops: Drops,
    lanesOf: (sensor: number) => readonly AgentLane[],
  ) {
    this.#ports = ports;
    this.#twins = twins;
    this.#drops = drops;
    this.#lanesOf = lanesOf;
  }

  /** The log ring of a sensor goes on after this line. */
  resumeLog(sensor: number, sequence: number): void {
    this.#logSequences.set(sensor, sequence);
  }

  forget(sensor: number): void {
    this.#logSequences.delete(sensor);
    this.#drops.forget(sensor);
  }

  /** A message of the pool: checks the key, and drops what is no reading, log line or report of a known sensor. */
  message(topic: string, payload: unknown): void {
    const parsed = parseSensorTopic(topic);
    if (parsed === null || parsed.key === null || !isSaid(parsed.channel)) return;
    const { sensor, key, channel } = parsed;
    const twin = this.#twins[sensor];
    if (twin === undefined || !this.#ports.keys.check(sensor, key)) {
      this.#drops.add(sensor, twin === undefined ? 'no such sensor is registered' : 'the key is wrong');
      return;
    }
    try {
      if (channel === 'data') this.reading(twin, decodeJson(payload));
      else if (channel === 'ack') this.report(twin, decodeJson(payload));
      else this.log(twin, decodeText(payload));
    } catch (error) {
      this.#drops.add(sensor, textOf(error));
    }
  }

  /** A data message: into the twin, the store and the agents. Throws an error naming the bad field. */
  reading(twin: Twin, message: unknown): Reading {
    const now = this.#ports.clock.now();
    const reading = calibrate(parseReading(message, now), twin.offsets);
    const row = foldReading(twin.row, reading, now);
    // A row filled in for an older time does not become the newest one (protocol §7.1).
    if (twin.row === null || row.timestamp >= twin.row.timestamp) twin.row = row;
    twin.reading = reading;
    twin.lastSeen = now;
    const { store, wires } = this.#ports;
    store.write({ type: 'rowSaved', sensor: twin.id, row });
    store.write({ type: 'readingAdded', sensor: twin.id, reading });
    wires.event({ kind: 'reading', sensor: twin.id, name: twin.name, reading });
    for (const lane of this.#lanesOf(twin.id)) lane.notify({ type: 'reading', at: now, reading });
    return reading;
  }

  /** What a device says of a command, or asks. Throws an error naming the bad field. */
  report(twin: Twin, message: unknown): void {
    const report = parseReport(message);
    twin.lastSeen = this.#ports.clock.now();
    this.#ports.reported(twin, report);
  }

  /** A log line, cut at a character after 255 bytes, into the sensor's ring (protocol §7.3). */
  log(twin: Twin, line: string): void {
    const at = this.#ports.clock.now();
    const text = cutLogText(line);
    const sequence = (this.#logSequences.get(twin.id) ?? -1) + 1;
    this.#logSequences.set(twin.id, sequence);
    twin.lastSeen = at;
    const slot = sequence % this.#ports.logLines;
    this.#ports.store.write({ type: 'logAdded', line: { sensor: twin.id, slot, sequence, at, text } });
    this.#ports.wires.event({ kind: 'log', sensor: twin.id, at, text });
  }
}

function decodeText(payload: unknown): string {
  if (typeof payload === 'string') return payload;
  if (!(payload instanceof Uint8Array)) throw new Error('the payload is neither text nor bytes');
  if (payload.length > LARGEST_PAYLOAD)
    throw new Error(`the payload is larger than ${LARGEST_PAYLOAD} bytes`);
  try {
    return utf8.decode(payload);
  } catch {
    throw new Error('the payload is not UTF-8');
  }
}

/** A node on the readings wire may have parsed the payload already. */
function decodeJson(payload: unknown): unknown {
  if (typeof payload === 'object' && payload !== null && !(payload instanceof Uint8Array)) return payload;
  const text = decodeText(payload);
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the payload is not valid JSON');
  }
}
