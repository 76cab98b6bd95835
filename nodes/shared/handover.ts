import type { Node } from 'node-red';

type Message = Readonly<Record<string, unknown>>;

/** Takes a message as if it had come over a wire. */
export type Take = (message: Message) => void;

/** By this member a node of another package, e.g. the garden page's, offers what RIPE's own offer here. */
export const TAKE = Symbol.for('@ripe-iot/take');

interface OfferingNode extends Node {
  readonly [TAKE]?: Take;
}

/** RIPE's nodes that run, and how each takes a message. */
const takers = new WeakMap<Node, Take>();

type Waiting = [node: Node, message: Message][];

let waiting: Waiting = [];
let soon: Waiting = [];

/** From now on the node can be handed messages; the answer ends that. */
export function offerTake(node: Node, take: Take): () => void {
  takers.set(node, take);
  return () => takers.delete(node);
}

export function canTake(node: Node): boolean {
  return takeOf(node) !== undefined;
}

/**
 * Hands a message to a node of RIPE's to which nothing but wires leads. As Node-RED does it comes in a later turn, in
 * order; but all of a turn come together, uncopied, and without what Node-RED keeps in mind of every message.
 */
export function handOver(node: Node, message: object): void {
  if (waiting.length === 0) setImmediate(deliver);
  waiting.push([node, message as Message]);
}

/**
 * As `handOver`, but as soon as the present node is done, for a message that has had a turn of its own: where turns are many
 * each has little to do, and asks the operating system what is new all the same.
 */
export function handOn(node: Node, message: object): void {
  if (soon.length === 0) process.nextTick(deliverSoon);
  soon.push([node, message as Message]);
}

function deliver(): void {
  const present = waiting;
  waiting = [];
  deliverAll(present);
}

function deliverSoon(): void {
  const present = soon;
  soon = [];
  deliverAll(present);
}

function deliverAll(messages: Waiting): void {
  for (const [node, message] of messages) {
    try {
      // A node that was closed meanwhile takes nothing any more.
      takeOf(node)?.(message);
    } catch (error) {
      node.error(error, message);
    }
  }
}

function takeOf(node: OfferingNode): Take | undefined {
  return takers.get(node) ?? node[TAKE];
}
