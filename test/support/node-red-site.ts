import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Node, NodeAPI, NodeInitializer, NodeMessage } from 'node-red';
import helper from 'node-red-node-test-helper';
import type { ServiceNode } from '../../nodes/shared/define-node.ts';
import type { GardenService } from '../../nodes/shared/find-garden.ts';
import type { Garden } from '../../src/adapters/garden/garden.ts';
import { type Badge, type Message, type Sent, Spies } from './node-red-spies.ts';
import { type FlowNode, GARDEN, ripeNodes } from './ripe-flow.ts';
import { until } from './until.ts';

export type { Badge, Message } from './node-red-spies.ts';

const require = createRequire(import.meta.url);
helper.init(require.resolve('node-red'));

export interface LogEntry {
  readonly level: number;
  readonly id?: string;
  readonly msg: unknown;
}

export interface LoadOptions {
  readonly settings?: object;
  readonly credentials?: Record<string, Record<string, string>>;
  /** Further node types, or names of Node-RED's own, e.g. `network/21-httpin`. */
  readonly types?: readonly (NodeInitializer | string)[];
}

export const LEVEL = { ERROR: 20, WARN: 30, INFO: 40 } as const;

/** A Node-RED with a user directory of its own for each test of the calling `describe`. */
export function useNodeRed(): NodeRedSite {
  const site = new NodeRedSite();
  beforeEach('start Node-RED', () => site.start());
  afterEach('stop Node-RED', () => site.stop());
  return site;
}

export class NodeRedSite {
  folder = '';
  readonly #spies = new Spies();
  #RED: NodeAPI | null = null;
  #http: Server | null = null;
  #log: LogEntry[] = [];

  get RED(): NodeAPI {
    if (this.#RED === null) throw new Error('nothing is loaded');
    return this.#RED;
  }

  async start(): Promise<void> {
    this.folder = await mkdtemp(path.join(tmpdir(), 'ripe-nodes-'));
    await new Promise<void>((resolve) => helper.startServer(resolve));
  }

  async stop(): Promise<void> {
    await this.unload();
    await new Promise<void>((resolve) => helper.stopServer(resolve));
    await rm(this.folder, { recursive: true, force: true });
    this.#spies.forget();
    this.#log = [];
  }

  async load(flow: readonly FlowNode[], options: LoadOptions = {}): Promise<void> {
    const ripe = { host: '127.0.0.1', mqttPort: 0 };
    helper.settings({ userDir: this.folder, httpNodeRoot: '/', ripe, ...options.settings } as never);
    const types = (options.types ?? []).map((type) => (typeof type === 'string' ? coreNode(type) : type));
    const capture = (RED: NodeAPI) => {
      this.#RED = RED;
      this.#spies.attach(RED);
    };
    await helper.load([capture, ...types, ...ripeNodes], flow as never, (options.credentials ?? {}) as never);
  }

  /** A deploy of the running flow. */
  async deploy(flow: readonly FlowNode[], type: 'full' | 'flows' | 'nodes'): Promise<void> {
    await helper.setFlows(flow as never, type);
  }

  /** Probes, badges and log lines stay for those who want to look at them. */
  async unload(): Promise<void> {
    if (this.#RED === null) return;
    this.#keepLog();
    this.#http?.closeAllConnections();
    this.#http?.close();
    this.#http = null;
    await helper.unload();
    this.#spies.detach(this.#RED);
    this.#RED = null;
  }

  node<Kind extends Node = Node>(id: string): Kind {
    const found = helper.getNode(id) as Kind | null;
    if (found === null) throw new Error(`there is no node ${id}`);
    return found;
  }

  receive(id: string, message: object): void {
    this.node(id).receive(message as NodeMessage);
  }

  /** Everything that any node has sent. */
  get sent(): readonly Sent[] {
    return this.#spies.sent;
  }

  messages(id: string): Message[] {
    return this.#spies.messages(id);
  }

  /** The garden of the loaded flow. */
  get garden(): Garden {
    const { service } = this.node<ServiceNode<GardenService>>(GARDEN);
    if (service === undefined) throw new Error('the garden does not work');
    return service.garden;
  }

  /** Waits for a message of a probe; by topic, or by what it has to be like. */
  message(id: string, like: string | ((message: Message) => boolean), waitMs?: number): Promise<Message> {
    const isLike = typeof like === 'string' ? (message: Message) => message.topic === like : like;
    return until(() => this.messages(id).find(isLike), waitMs);
  }

  badges(id: string): Badge[] {
    return this.#spies.badges(id);
  }

  badge(id: string, start: string, waitMs?: number): Promise<Badge> {
    return until(() => this.badges(id).find((badge) => badge.text.startsWith(start)), waitMs);
  }

  /** What nodes have logged at this level or worse since the load. */
  logged(level: number, id?: string): string[] {
    const entries = this.#RED === null ? this.#log : logEntries();
    return entries
      .filter(
        (entry) => entry.level <= level && (id === undefined ? entry.id !== undefined : entry.id === id),
      )
      .map(({ msg }) => (typeof msg === 'object' && msg !== null && 'message' in msg ? msg.message : msg))
      .map(String);
  }

  error(id: string, part: string, waitMs?: number): Promise<string> {
    return until(() => this.logged(LEVEL.ERROR, id).find((line) => line.includes(part)), waitMs);
  }

  /** Serves the `http in` nodes; the test helper does not. */
  http(): Promise<string> {
    return this.#serve(this.RED.httpNode as never);
  }

  /** Serves what nodes offer to the editor. */
  httpAdmin(): Promise<string> {
    return this.#serve(this.RED.httpAdmin as never);
  }

  /** Where the embedded broker listens. */
  async mqttPort(id: string): Promise<number> {
    const start = 'ripe-embedded-broker.status.listening';
    await this.badge(id, start);
    const { text } = this.badges(id).findLast((badge) => badge.text.startsWith(start)) as Badge;
    return (JSON.parse(text.slice(text.indexOf('{'))) as { port: number }).port;
  }

  get serverUrl(): string {
    return helper.url();
  }

  async #serve(app: RequestListener): Promise<string> {
    this.#http = createServer(app).listen(0, '127.0.0.1');
    await once(this.#http, 'listening');
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  #keepLog(): void {
    this.#log = logEntries();
  }
}

function logEntries(): LogEntry[] {
  return helper.log().args.map(([entry]) => entry as LogEntry);
}

function coreNode(name: string): NodeInitializer {
  return require(`@node-red/nodes/core/${name}.js`) as NodeInitializer;
}
