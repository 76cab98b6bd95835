import type { Node, NodeAPI, NodeMessage } from 'node-red';
import { answerHttp } from './answer-http.ts';
import { onceFlowsStarted } from './flows-started.ts';
import { canTake, handOn, handOver } from './handover.ts';
import { isListening, Routes, type WiredNode } from './routes.ts';

/** One message per output; undefined sends nothing there. */
export type Outputs = (object | undefined)[];

/**
 * The outputs of a node. Between two of RIPE's nodes with nothing in between a message is handed over; everything else
 * goes the way of Node-RED.
 */
export class Outlet {
  readonly #node: Node;
  readonly #routes: Routes;
  /** What is sent before all nodes of the flow are made would reach nobody: it waits here. */
  #held: Outputs[] | null = [];
  /** Whom each output reaches, as far as it was asked for since the deploy that is numbered here. */
  #reached: (readonly WiredNode[] | null)[] = [];
  #deploy = -1;

  constructor(RED: NodeAPI, node: Node) {
    this.#node = node;
    this.#routes = Routes.of(RED);
    onceFlowsStarted(RED, () => this.#release());
  }

  /** `isOn`: what is sent is what just came in, in a turn of its own. */
  send(outputs: Outputs, isOn = false): void {
    if (this.#held !== null) this.#held.push(outputs);
    else if (!this.#handOver(outputs, isOn))
      this.#node.send(outputs.map((message) => message ?? null) as NodeMessage[]);
  }

  /** Whether anybody would get what is sent to this output, counted from 0. */
  isHeard(output: number): boolean {
    return this.#reach(output)?.some(isListening) ?? true;
  }

  /** Whether one node of RIPE's, of this type, gets what is sent to this output now, and nobody else. */
  isNext(output: number, type: string): boolean {
    return this.#held === null && this.#taker(output)?.type === type;
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const outputs of held) this.send(outputs);
  }

  /** False: it is not one message alone, or others than one of RIPE's nodes would get it, too. */
  #handOver(outputs: Outputs, isOn: boolean): boolean {
    const output = outputs.length - 1;
    const message = outputs[output];
    const isAlone = message !== undefined && outputs.findIndex((each) => each !== undefined) === output;
    if (!isAlone || Array.isArray(message)) return false;
    const only = this.#only(output);
    if (only === undefined) return false;
    if (answerHttp(only, message)) return true;
    if (!canTake(only)) return false;
    if (isOn) handOn(only, message);
    else handOver(only, message);
    return true;
  }

  /** The node of RIPE's that alone sees what is sent to this output. */
  #taker(output: number): WiredNode | undefined {
    const only = this.#only(output);
    return only !== undefined && canTake(only) ? only : undefined;
  }

  /** The node that alone sees what is sent to this output. */
  #only(output: number): WiredNode | undefined {
    if (this.#routes.isWatched) return undefined;
    const [only, other] = this.#reach(output)?.filter(isListening) ?? [];
    return other === undefined ? only : undefined;
  }

  #reach(output: number): readonly WiredNode[] | null {
    if (this.#deploy !== this.#routes.deploy) {
      this.#deploy = this.#routes.deploy;
      this.#reached = [];
    }
    let reached = this.#reached[output];
    if (reached === undefined) {
      reached = this.#routes.trace(this.#node as WiredNode, output);
      this.#reached[output] = reached;
    }
    return reached;
  }
}
