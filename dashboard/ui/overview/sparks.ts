import type { GardenClient } from '../data/garden-client.ts';
import { rangeQuery } from '../data/garden-client.ts';
import { METRICS, type Metric, type Row, type Sensor } from '../data/shapes.ts';

const DAY_MS = 86_400_000;
export const KEPT_MS = 10 * 60_000;
/** Asked for at once, so that scrolling through a large garden leaves room for everything else. */
const AT_ONCE = 4;

/** The last day of one metric: times (ms UTC) and values. */
export interface Spark {
  readonly metric: Metric;
  readonly points: readonly (readonly [at: number, value: number])[];
}

/** The day of each sensor that is in sight: asked for once, and kept for a while. */
export class Sparks {
  readonly #client: GardenClient;
  readonly #known = new Map<number, { readonly at: number; readonly spark: Promise<Spark | null> }>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(client: GardenClient) {
    this.#client = client;
  }

  of(sensor: Sensor, now: number): Promise<Spark | null> {
    const known = this.#known.get(sensor.id);
    if (known !== undefined && now - known.at < KEPT_MS) return known.spark;
    const spark = this.#inTurn(() => this.#ask(sensor, now)).catch(() => null);
    this.#known.set(sensor.id, { at: now, spark });
    return spark;
  }

  async #ask(sensor: Sensor, now: number): Promise<Spark | null> {
    const metric = mainMetric(sensor);
    if (metric === null) return null;
    const rows = await this.#client.get<Row[]>(
      `/api/sensor/${sensor.id}/data?${rangeQuery(now - DAY_MS + 1, now + 1)}`,
    );
    const points = rows.flatMap((row) => {
      const value = row[metric];
      return value === null ? [] : [[Date.parse(row.timestamp), value] as const];
    });
    return { metric, points };
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }
}

/** What a card shows large: moisture where there is any. */
export function mainMetric({ data }: Sensor): Metric | null {
  return METRICS.find((metric) => data?.[metric] != null) ?? null;
}
