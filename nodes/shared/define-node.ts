import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { RipeError, textOf } from '../../src/domain/errors.ts';
import type { Log } from '../../src/domain/runtime/ports.ts';
import { offerTake } from './handover.ts';
import { Outlet, type Outputs } from './outlet.ts';

export type StatusKind = 'ok' | 'busy' | 'warning' | 'failed' | 'idle';

const LOOKS: Record<StatusKind, { fill: 'green' | 'yellow' | 'red' | 'grey'; shape: 'dot' | 'ring' }> = {
  ok: { fill: 'green', shape: 'dot' },
  busy: { fill: 'green', shape: 'ring' },
  warning: { fill: 'yellow', shape: 'ring' },
  failed: { fill: 'red', shape: 'dot' },
  idle: { fill: 'grey', shape: 'ring' },
};

/** What a node's service may do with its node. */
export interface NodeContext<Config> {
  readonly RED: NodeAPI;
  readonly node: Node;
  readonly config: Config;
  /** `debug` is seen only where Node-RED logs that much. */
  readonly log: Log & { debug(line: string): void };
  /** Aborted when the node is closed, also while it is still starting. */
  readonly closing: AbortSignal;
  /** A badge under the node; `key` names a text of its catalogue below `status`. */
  status(kind: StatusKind, key: string, params?: Record<string, string | number>): void;
  /** An error that concerns a message which is not the input's: `catch` nodes get both. */
  fail(error: unknown, message: object): void;
  /** Sends to the outputs, whenever it likes. */
  send(...outputs: Outputs): void;
  /** As `send`, for a message that goes on while it is still its turn. */
  sendOn(...outputs: Outputs): void;
  /** Whether anybody would get what is sent to this output, counted from 0. */
  isHeard(output: number): boolean;
  /** Whether one node of this type, and nobody else, gets what is sent to this output now. */
  isNext(output: number, type: string): boolean;
}

/** A running node. */
export interface NodeService {
  /** Answers a message; what it throws becomes the node's error and ends the message. */
  input?(message: NodeMessage & Record<string, unknown>): void | Promise<void> | undefined;
  /** Ends everything that was begun. */
  stop?(): void | Promise<void>;
}

export interface NodeDefinition<Config, Service extends NodeService> {
  readonly type: string;
  readonly credentials?: Record<string, { type: 'text' | 'password' }>;
  /** Throws a RipeError that names a bad field. */
  parse(def: Readonly<Record<string, unknown>>, RED: NodeAPI, node: Node): Config;
  start(context: NodeContext<Config>): Service | Promise<Service>;
}

/** A config node offers its service to the nodes that name it. */
export interface ServiceNode<Service> extends Node {
  service?: Service;
}

/** Registers a node type: the only code that calls `status`, `error` and `done`. */
export function defineNode<Config, Service extends NodeService>(
  RED: NodeAPI,
  definition: NodeDefinition<Config, Service>,
): void {
  function RipeNode(this: ServiceNode<Service>, def: NodeDef): void {
    RED.nodes.createNode(this, def);
    new RunningNode(RED, definition, this, def as unknown as Record<string, unknown>).start();
  }
  const options = definition.credentials === undefined ? {} : { credentials: definition.credentials };
  RED.nodes.registerType(definition.type, RipeNode, options as never);
}

class RunningNode<Config, Service extends NodeService> {
  readonly #RED: NodeAPI;
  readonly #definition: NodeDefinition<Config, Service>;
  readonly #node: ServiceNode<Service>;
  readonly #def: Readonly<Record<string, unknown>>;
  #service: Promise<Service> | null = null;
  readonly #closing = new AbortController();
  readonly #outlet: Outlet;

  constructor(
    RED: NodeAPI,
    definition: NodeDefinition<Config, Service>,
    node: ServiceNode<Service>,
    def: Readonly<Record<string, unknown>>,
  ) {
    this.#RED = RED;
    this.#definition = definition;
    this.#node = node;
    this.#def = def;
    this.#outlet = new Outlet(RED, node);
  }

  start(): void {
    this.#service = this.#begin();
    this.#service.catch((error) => this.#fail(error));
    this.#node.on('input', (message, _send, done) => {
      this.#take(message as NodeMessage & Record<string, unknown>, done);
    });
    const withdraw = offerTake(this.#node, (message) => {
      this.#take(message as NodeMessage & Record<string, unknown>, (error) => {
        if (error !== undefined) this.#node.error(error, message);
      });
    });
    this.#node.on('close', (_removed: boolean, done: () => void) => {
      this.#closing.abort();
      void this.#stop().finally(() => {
        withdraw();
        done();
      });
    });
  }

  /** A config node's service must be there when the next node is made: so no wait before the first await. */
  async #begin(): Promise<Service> {
    const config = this.#definition.parse(this.#def, this.#RED, this.#node);
    const started = this.#definition.start(this.#context(config));
    if (!(started instanceof Promise)) this.#node.service = started;
    const service = await started;
    this.#node.service = service;
    return service;
  }

  /** What a running service does at once is done without a further turn: thousands of messages pass here. */
  #take(message: NodeMessage & Record<string, unknown>, done: (error?: Error) => void): void {
    const { service } = this.#node;
    const answer = (running: Service | undefined) => running?.input?.(message);
    try {
      const answered = service === undefined ? this.#service?.then(answer) : answer(service);
      if (answered instanceof Promise) {
        answered.then(
          () => done(),
          (error: unknown) => done(this.#fault(error)),
        );
      } else done();
    } catch (error) {
      done(this.#fault(error));
    }
  }

  #fault(error: unknown): Error {
    return new Error(this.#tell(error), { cause: error });
  }

  async #stop(): Promise<void> {
    try {
      const service = await this.#service;
      await service?.stop?.();
    } catch (error) {
      if (this.#node.service !== undefined) this.#node.error(this.#tell(error));
    }
  }

  #fail(error: unknown): void {
    // Closed while it waited for something: that is no news.
    if (this.#closing.signal.aborted) return;
    const reason = this.#tell(error);
    this.#status('failed', 'failed', { reason });
    this.#node.error(reason);
  }

  /** An error in the language of the editor, where the catalogue of this node has its code. */
  #tell(error: unknown): string {
    if (!(error instanceof RipeError)) return textOf(error);
    const key = `${this.#definition.type}.error.${error.code}`;
    const text = this.#RED._(key, error.params as never);
    return text === key ? error.message : text;
  }

  #context(config: Config): NodeContext<Config> {
    const node = this.#node;
    return {
      RED: this.#RED,
      node,
      config,
      log: {
        debug: (line) => node.debug(line),
        info: (line) => node.log(line),
        warn: (line) => node.warn(line),
        error: (line) => node.error(line),
      },
      closing: this.#closing.signal,
      status: (kind, key, params) => this.#status(kind, key, params),
      fail: (error, message) => node.error(this.#tell(error), message as NodeMessage),
      send: (...outputs) => this.#outlet.send(outputs),
      sendOn: (...outputs) => this.#outlet.send(outputs, true),
      isHeard: (output) => this.#outlet.isHeard(output),
      isNext: (output, type) => this.#outlet.isNext(output, type),
    };
  }

  #status(kind: StatusKind, key: string, params: Record<string, string | number> = {}): void {
    const text = this.#RED._(`${this.#definition.type}.status.${key}`, params as never);
    this.#node.status({ ...LOOKS[kind], text });
  }
}
