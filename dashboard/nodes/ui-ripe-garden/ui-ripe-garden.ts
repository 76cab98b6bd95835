import { randomUUID } from 'node:crypto';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { GardenLink, type PageSocket } from './garden-link.ts';

interface WidgetDef extends NodeDef {
  readonly group: string;
}

/** What of Dashboard 2's own nodes is used. */
interface GroupNode extends Node {
  register(node: Node, def: WidgetDef, hooks: WidgetHooks): void;
  getBase(): { readonly uiShared?: { readonly connections?: Record<string, PageSocket> } };
}

interface WidgetHooks {
  readonly onInput: () => void;
  readonly beforeSend: (message: Record<string, unknown>) => object;
  readonly onSocket: { readonly connection: (socket: PageSocket) => void };
}

const SHOW_EVERY_MS = 2_000;
/** As RIPE's own nodes do, it takes messages without all that the dashboard does with one: most are told to nobody. */
const TAKE: unique symbol = Symbol.for('@ripe-iot/take');
/**
 * The dashboard tells every page what comes in. Ours goes to who asked or follows: for the dashboard it is empty, and meant for
 * a connection that there is not. It heeds that where its ui-base lets this node choose clients, as that of the example does.
 */
const FOR_NOBODY = { _client: { socketId: 'nobody' } };

/** The garden on a page: a widget whose pages ask and follow the garden over the wires. */
export default function register(RED: NodeAPI): void {
  function UiRipeGarden(this: Node, def: WidgetDef): void {
    RED.nodes.createNode(this, def);
    const group = RED.nodes.getNode(def.group) as GroupNode | null;
    if (group === null) {
      this.status({ fill: 'red', shape: 'dot', text: RED._('ui-ripe-garden.status.noGroup') });
      return;
    }
    const link = new GardenLink({
      id: this.id,
      newId: randomUUID,
      send: (message) => this.send(message as never),
    });
    group.register(this, def, hooksOf(link));
    // Pages that were open before this deploy do not connect anew.
    for (const socket of Object.values(group.getBase().uiShared?.connections ?? {})) link.attach(socket);
    // As a debug node says it: RIPE need not send what nobody would look at.
    Object.defineProperty(this, 'active', { get: () => link.isFollowed });
    const offer: { [TAKE]?: GardenLink['input'] } = this as object;
    offer[TAKE] = (message) => link.input(message);
    const ended = showPages(RED, this, link);
    this.on('close', () => {
      delete offer[TAKE];
      ended();
      link.stop();
    });
  }
  RED.nodes.registerType('ui-ripe-garden', UiRipeGarden as never);
}

function hooksOf(link: GardenLink): WidgetHooks {
  return {
    // Without it the dashboard would keep the last message, and show it to whoever comes next.
    onInput: () => {},
    beforeSend: (message) => {
      link.input(message);
      return FOR_NOBODY;
    },
    onSocket: { connection: (socket) => link.attach(socket) },
  };
}

function showPages(RED: NodeAPI, node: Node, link: GardenLink): () => void {
  let shown = -1;
  const show = () => {
    const { pages } = link;
    if (pages === shown) return;
    shown = pages;
    const text = RED._('ui-ripe-garden.status.pages', { pages } as never);
    node.status({ fill: pages === 0 ? 'grey' : 'green', shape: pages === 0 ? 'ring' : 'dot', text });
  };
  show();
  const timer = setInterval(show, SHOW_EVERY_MS);
  return () => clearInterval(timer);
}
