import type { Operation } from '../../src/domain/rest/route.ts';
import type { NodeRedSite } from './node-red-site.ts';
import { type FlowNode, gardenNode, inGarden, probe, tab } from './ripe-flow.ts';
import { until } from './until.ts';

export interface Answer<Body> {
  readonly statusCode: number;
  readonly body: Body;
  readonly message: Record<string, unknown>;
}

/** A runtime with the agent types that RIPE ships; what it sends is remembered by probes. */
export const runtimeFlow = (events: string[] = ['events']): FlowNode[] => [
  tab(),
  gardenNode(),
  inGarden('loader', 'ripe-plugin-loader', {}, ['runtime']),
  inGarden('runtime', 'ripe-sensor-runtime', {}, ['commands'], ['jobs'], ['http'], events, ['replies']),
  ...['commands', 'jobs', 'http', 'replies', 'events'].map(probe),
];

/** Requests as ripe-api sends them, to the node `runtime`; its output 5 leads to the probe `replies`. */
export class RuntimeCalls {
  readonly #site: NodeRedSite;
  #calls = 0;

  constructor(site: NodeRedSite) {
    this.#site = site;
  }

  /** Resolves when the runtime is at work, with all agent types. */
  async ready(): Promise<this> {
    await this.#site.badge('loader', 'ripe-plugin-loader.status.ready');
    await this.#site.badge('runtime', 'ripe-sensor-runtime.status.ready');
    return this;
  }

  async ask<Body = Record<string, unknown>>(
    operation: Operation,
    request: object = {},
  ): Promise<Answer<Body>> {
    this.#calls += 1;
    const call = this.#calls;
    const asker = { timeZone: 'UTC', locale: 'en', host: 'garden.local', client: 'other' };
    this.#site.receive('runtime', { call, request: { operation, ...asker, ...request } });
    const message = await until(() => this.#site.messages('replies').find((reply) => reply['call'] === call));
    return {
      statusCode: message['statusCode'] as number,
      body: JSON.parse(message.payload as string),
      message,
    };
  }

  async registerSensor(name: string): Promise<{ id: number; key: string }> {
    return (await this.ask<{ id: number; key: string }>('registerSensor', { body: { name } })).body;
  }

  async registerAgent(sensor: number, domain: string, agentName: string): Promise<void> {
    const { statusCode, body } = await this.ask('registerAgent', {
      sensor,
      body: { domain, agent_name: agentName },
    });
    if (statusCode !== 200) throw new Error(String(body['error']));
  }
}
