import assert from 'node:assert/strict';
import type { SensorChannel } from '../../src/domain/broker/topics.ts';
import { type Answer, accepted, type Call, curl } from './curl.ts';
import { eventually } from './eventually.ts';
import type { AgentBody, Broker, CommandRow, Config, Credentials, DataRow, Status } from './wire-types.ts';

const DAY_MS = 86_400_000;

/** Where RIPE's REST interface is. */
export interface RestSite {
  readonly url: string;
  keepSecret?(key: string): void;
}

export const base64 = (domain: string): string => Buffer.from(domain).toString('base64');

/** Keys are known, but the broker may still be on its way (protocol §8): a sensor that can talk to both. */
export async function registerSensor(ripe: RestSite, name?: string): Promise<TestSensor> {
  const body = name === undefined ? {} : { name };
  const credentials = accepted<Credentials>(await curl(ripe, 'POST', '/api/sensor', { body }));
  ripe.keepSecret?.(credentials.key);
  const sensor = new TestSensor(ripe, credentials);
  await sensor.untilBroker();
  return sensor;
}

/** A registered sensor and what can be asked about it, by curl. */
export class TestSensor {
  readonly id: number;
  readonly key: string;
  broker: Broker = { scheme: 'tcp', host: '127.0.0.1', port: 0, credentials: null };
  readonly #ripe: RestSite;

  constructor(ripe: RestSite, { id, key }: Pick<Credentials, 'id' | 'key'>) {
    this.#ripe = ripe;
    this.id = id;
    this.key = key;
  }

  topic(channel: SensorChannel): string {
    return `sensor/${channel}/${this.id}/${this.key}`;
  }

  /** A call below `/api/sensor/{id}`. */
  sensor(method: string, path = '', call: Call = {}): Promise<Answer> {
    return curl(this.#ripe, method, `/api/sensor/${this.id}${path}`, { key: this.key, ...call });
  }

  /** A call below `/api/agent/{id}`. */
  agent(method: string, path = '', call: Call = {}): Promise<Answer> {
    return curl(this.#ripe, method, `/api/agent/${this.id}${path}`, { key: this.key, ...call });
  }

  async status(headers: Readonly<Record<string, string>> = {}): Promise<Status> {
    return accepted<Status>(await this.sensor('GET', '', { headers }));
  }

  /** Waits until RIPE serves a broker, and keeps its address. */
  async untilBroker(): Promise<void> {
    this.broker = await eventually(async () => {
      const [broker] = (await this.status()).broker.items;
      assert.ok(broker, 'a broker is in service');
      return broker;
    });
  }

  async agentStatus(domain: string): Promise<AgentBody> {
    const agent = (await this.status()).agents.find((one) => one.domain === domain);
    assert.ok(agent, `${domain} is in the status`);
    return agent;
  }

  async addAgent(domain: string, agentName: string): Promise<void> {
    accepted(await this.agent('POST', '', { body: { domain, agent_name: agentName } }));
  }

  async command(domain: string, payload: number): Promise<void> {
    const answer = await this.agent('POST', `/${base64(domain)}`, { body: { payload } });
    assert.equal(accepted(answer), null);
  }

  async config(domain: string, headers: Readonly<Record<string, string>> = {}): Promise<Config> {
    return accepted<Config>(await this.agent('GET', `/${base64(domain)}/config`, { headers }));
  }

  /** Changes some values of the form, and posts all of it back as the app does. */
  async configure(domain: string, changes: Readonly<Record<string, unknown>>): Promise<void> {
    const form = await this.config(domain);
    const values = Object.fromEntries(Object.entries(form).map(([key, [, value]]) => [key, value]));
    const body = { ...values, ...changes };
    assert.equal(accepted(await this.agent('POST', `/${base64(domain)}/config`, { body })), null);
  }

  async postData(body: object): Promise<void> {
    assert.equal(accepted(await this.sensor('POST', '/data', { body })), null);
  }

  async rows(from: number, until: number): Promise<readonly DataRow[]> {
    return accepted<DataRow[]>(await this.sensor('GET', `/data?${range(from, until)}`));
  }

  async log(headers: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
    return accepted<string[]>(await this.sensor('GET', '/log', { headers }));
  }

  /** The commands of the last 24 hours. */
  async history(): Promise<readonly CommandRow[]> {
    const until = Date.now() + 60_000;
    return accepted<CommandRow[]>(await this.agent('GET', `?${range(until - DAY_MS, until)}`));
  }
}

/** `from` and `until` as the app writes them: UTC, with escaped colons. */
export function range(from: number, until: number): string {
  return new URLSearchParams({
    from: new Date(from).toISOString(),
    until: new Date(until).toISOString(),
  }).toString();
}

/** The parts of a ThresholdAgent's form that tests change, in ms. */
export function timing(durationMs: number, cooldownMs: number): Record<string, unknown> {
  return {
    '03_action_duration_ms': { TimeSlider: [0, 600_000, durationMs, 40] },
    '04_action_cooldown_ms': { TimeSlider: [0, 3_600_000, cooldownMs, 60] },
  };
}
