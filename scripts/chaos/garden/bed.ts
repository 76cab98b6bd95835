import type { DeadlineWatch } from '../support/deadline-watch.ts';
import { Register } from '../support/register.ts';
import { base64, call } from './rest.ts';

export interface BedAddress {
  readonly id: number;
  readonly key: string;
  readonly broker: {
    readonly host: string;
    readonly port: number;
    readonly credentials: { readonly username: string; readonly password: string } | null;
  };
  /** Where its devices find their broker anew, as REST names it; null: none is named. Absent: there is only one. */
  readonly whereNow?: () => Promise<BedAddress['broker'] | null>;
}

export const WATER = '01_Water';
export const FAN = '02_Fan';
export const GUEST = '03_Guest';

interface Status {
  readonly data: { readonly light: number | null };
  readonly agents: readonly {
    readonly domain: string;
    readonly ui: { readonly decorator: { Slider?: number[] }; readonly state: unknown };
  }[];
}

/** One sensor with a pump and a fan, and everything that its client knows of it. */
export class Bed {
  readonly address: BedAddress;
  /** Of a device that knows the vector only. */
  readonly watch: DeadlineWatch;
  /** Of one that honours envelopes. */
  readonly honouring: DeadlineWatch;
  readonly fan = new Register<number>('the fan', 50);
  readonly threshold = new Register<number>('the setting', 20);
  readonly light = new Register<number>('the posted reading', 0);
  readonly guest = new Register<boolean>('the third agent', false);
  /** The end of the acknowledged run (`performance.now()`); null: none, or nobody knows. */
  forcedUntil: number | null = null;

  constructor(address: BedAddress, watches: { legacy: DeadlineWatch; honouring: DeadlineWatch }) {
    this.address = address;
    this.watch = watches.legacy;
    this.honouring = watches.honouring;
  }

  get registers(): readonly { readonly count: number }[] {
    return [this.fan, this.threshold, this.light, this.guest];
  }

  /** A path below this bed's agents. */
  agentPath(domain: string, rest = ''): string {
    return `agent/${this.address.id}/${base64(domain)}${rest}`;
  }

  /** What is not as it was acknowledged; throws when RIPE does not answer. */
  async check(url: string): Promise<string[]> {
    const { id, key } = this.address;
    const askedAt = performance.now();
    const status = await call(url, 'GET', { path: `sensor/${id}`, key });
    if (status === null || status.status >= 500) throw new Error(`sensor ${id} does not answer`);
    if (status.status !== 200) return [`sensor ${id} is gone (${status.status})`];
    const { data, agents } = status.body as Status;
    const form = await call(url, 'GET', { path: this.agentPath(WATER, '/config'), key });
    if (form?.status !== 200) return [`sensor ${id}: its settings are gone`];
    const agent = (domain: string) => agents.find((each) => each.domain === domain);
    const fan = agent(FAN)?.ui.decorator.Slider?.[2] ?? Number.NaN;
    const wrong = [
      this.fan.check(Math.round(fan * 100)),
      this.threshold.check(thresholdOf(form.body)),
      this.light.check(data.light ?? 0),
      this.guest.check(agent(GUEST) !== undefined),
      this.#checkRun(agent(WATER)?.ui.state, askedAt),
    ];
    return wrong.filter((each) => each !== null).map((each) => `sensor ${id}: ${each}`);
  }

  /** Whether REST shows a forced run. */
  async isRunning(url: string): Promise<boolean> {
    const { id, key } = this.address;
    const status = await call(url, 'GET', { path: `sensor/${id}`, key });
    const { agents } = (status?.body ?? { agents: [] }) as Status;
    return isForced(agents.find(({ domain }) => domain === WATER)?.ui.state);
  }

  /** An acknowledged run has to be there until its end, and its end is the one that REST shows. */
  #checkRun(state: unknown, now: number): string | null {
    const until = this.forcedUntil;
    if (until === null || now > until - 1_000) return null;
    if (isForced(state)) return null;
    return `its run is gone ${((until - now) / 1000).toFixed(1)} s before its end: ${JSON.stringify(state)}`;
  }
}

const isForced = (state: unknown): boolean =>
  typeof state === 'object' && state !== null && 'Forced' in state;

function thresholdOf(form: unknown): number {
  const entry = (form as Record<string, [unknown, { IntSlider?: number[] }]>)['02_min_threshold'];
  return entry?.[1].IntSlider?.[2] ?? Number.NaN;
}
