import { EPOCH_TOPIC } from '../../domain/broker/topics.ts';
import { isObject } from '../../domain/json.ts';
import type { IncomingMessage, OutgoingMessage } from './link/broker-link.ts';

/** What a RIPE leaves at each of its brokers, retained. */
export interface MasterRecord {
  readonly garden: string;
  /** Random, of one run of one RIPE. */
  readonly instance: string;
  readonly epoch: number;
  /** ms UTC */
  readonly at: number;
}

export interface RivalWatchOptions {
  garden: string;
  instance: string;
  /** A run before this one was further: without a higher epoch, devices would refuse our commands. */
  onBehind(epoch: number): void;
  /** Another RIPE commands the same garden, now. */
  onRival(rival: MasterRecord, broker: string): void;
  now(): number;
}

/** Whoever can publish there must not drive ours out of the range of whole numbers. */
const HIGHEST_EPOCH = 2 ** 40;
const TELL_EVERY_MS = 60_000;
const REMEMBERED_AT_MOST = 100;

/**
 * Finds out whether a second RIPE commands this garden. Each leaves its record at its brokers. A foreign record that was
 * there before ours is of an earlier run; one that comes after ours is of somebody who is alive.
 */
export class RivalWatch {
  readonly #options: RivalWatchOptions;
  /** Brokers that have told us our own record. */
  readonly #claimed = new Set<string>();
  readonly #startedAt: number;
  readonly #toldAt = new Map<string, number>();
  /** The newest record of each rival at brokers that we are not at, where it stays when the rival has gone. */
  readonly #seenAt = new Map<string, number>();

  constructor(options: RivalWatchOptions) {
    this.#options = options;
    this.#startedAt = options.now();
  }

  record(epoch: number): OutgoingMessage {
    const { garden, instance, now } = this.#options;
    const record: MasterRecord = { garden, instance, epoch, at: now() };
    return { topic: EPOCH_TOPIC, payload: JSON.stringify(record), qos: 1, retain: true };
  }

  /** What a broker tells on `ripe/epoch`. `epoch`: ours at the moment. */
  heard({ payload, broker }: IncomingMessage, epoch: number): void {
    const record = parse(payload);
    if (record === null || record.garden !== this.#options.garden) return;
    if (record.instance === this.#options.instance) this.#claimed.add(broker);
    else if (this.#claimed.has(broker)) this.#replaced(record, broker, epoch);
    else if (record.epoch >= epoch) this.#options.onBehind(record.epoch);
  }

  /** What a broker retains that we are not at, and so do not hear. */
  seen({ payload, broker }: Pick<IncomingMessage, 'payload' | 'broker'>, epoch: number): void {
    const record = parse(payload);
    const { garden, instance, onBehind } = this.#options;
    if (record === null || record.garden !== garden || record.instance === instance) return;
    if (record.at > this.#startedAt) this.#tellOnce(record, broker);
    else if (record.epoch >= epoch) onBehind(record.epoch);
  }

  #tellOnce(record: MasterRecord, broker: string): void {
    if (this.#seenAt.get(record.instance) === record.at) return;
    if (this.#seenAt.size >= REMEMBERED_AT_MOST) this.#seenAt.clear();
    this.#seenAt.set(record.instance, record.at);
    this.#tell(record, broker);
  }

  /** A broker that has forgotten the last minutes in a crash may still tell of the run before ours. */
  #replaced(record: MasterRecord, broker: string, epoch: number): void {
    if (record.at > this.#startedAt || record.epoch >= epoch) this.#tell(record, broker);
  }

  /** At most once a minute: two that answer each other would fill the log. */
  #tell(rival: MasterRecord, broker: string): void {
    const now = this.#options.now();
    const toldAt = this.#toldAt.get(rival.instance);
    if (toldAt !== undefined && now - toldAt < TELL_EVERY_MS) return;
    for (const [instance, at] of this.#toldAt) if (now - at >= TELL_EVERY_MS) this.#toldAt.delete(instance);
    this.#toldAt.set(rival.instance, now);
    this.#options.onRival(rival, broker);
  }
}

function parse(payload: Buffer): MasterRecord | null {
  let value: unknown;
  try {
    value = JSON.parse(payload.toString('utf8'));
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  const { garden, instance, epoch, at } = value;
  const isRecord = typeof garden === 'string' && typeof instance === 'string' && typeof at === 'number';
  if (!isRecord || typeof epoch !== 'number' || !Number.isInteger(epoch)) return null;
  return epoch < 0 || epoch > HIGHEST_EPOCH ? null : { garden, instance, epoch, at };
}
