import { createRequire } from 'node:module';
import type { Node, NodeAPI, NodeDef } from 'node-red';

const require = createRequire(import.meta.url);
const { hooks } = require('@node-red/util') as { hooks: SendHooks };
const HOOK = 'onSend.ripe-tests';

export type Message = { topic?: string; payload?: unknown } & Record<string, unknown>;

export interface Badge {
  readonly fill: string;
  readonly shape: string;
  /** The key of the text in the catalogue, and its parameters as JSON. */
  readonly text: string;
}

/** A message as it left a node. */
export interface Sent {
  readonly from: string;
  readonly port: number;
  readonly message: Message;
}

interface SendHooks {
  add(name: string, hook: (events: { source: { id: string; port: number }; msg: Message }[]) => void): void;
  remove(name: string): void;
}

/** Remembers what nodes send, what `probe` nodes get, and the badges of all. */
export class Spies {
  readonly sent: Sent[] = [];
  readonly #probed = new Map<string, Message[]>();
  readonly #badges = new Map<string, Badge[]>();
  /** Of a node that is removed there is no status. */
  readonly #onStatus = ({ id, status }: { id: string; status?: Badge }): void => {
    if (status?.text !== undefined) this.badges(id).push(status);
  };

  messages(id: string): Message[] {
    return entriesOf(this.#probed, id);
  }

  badges(id: string): Badge[] {
    return entriesOf(this.#badges, id);
  }

  attach(RED: NodeAPI): void {
    // There are no catalogues in the test helper; of a badge the parameters are worth seeing.
    RED._ = ((key: string, params: object = {}) =>
      key.includes('.status.') && Object.keys(params).length > 0
        ? `${key} ${JSON.stringify(params)}`
        : key) as never;
    RED.events.on('node-status', this.#onStatus);
    hooks.add(HOOK, (events) => {
      for (const { source, msg } of events) {
        this.sent.push({ from: source.id, port: source.port, message: msg });
      }
    });
    const remember = (id: string, message: Message) => this.messages(id).push(message);
    RED.nodes.registerType('probe', function (this: Node, def: NodeDef) {
      RED.nodes.createNode(this, def);
      this.on('input', (message) => void remember(this.id, message as Message));
    });
  }

  detach(RED: NodeAPI): void {
    RED.events.off('node-status', this.#onStatus);
    hooks.remove(HOOK);
  }

  forget(): void {
    this.sent.length = 0;
    this.#probed.clear();
    this.#badges.clear();
  }
}

function entriesOf<Entry>(map: Map<string, Entry[]>, id: string): Entry[] {
  const entries = map.get(id) ?? [];
  map.set(id, entries);
  return entries;
}
