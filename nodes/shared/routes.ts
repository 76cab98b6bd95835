import type { Node, NodeAPI } from 'node-red';

/** A node as it runs; the declared type leaves the wires out, and what debug nodes are switched by. */
export interface WiredNode extends Node {
  readonly wires?: readonly (readonly string[])[];
  readonly active?: unknown;
}

/** What of a node's definition is looked at. */
interface Definition {
  readonly id: string;
  readonly type: string;
  readonly mode?: string;
  readonly scope?: unknown;
}

/** Nodes that can be switched off while they run, and that say so in `active`. */
const CAN_BE_OFF: ReadonlySet<string> = new Set(['debug', 'ui-ripe-garden']);
const LINKS: ReadonlySet<string> = new Set(['link out', 'link in']);
const HOOKS = ['onSend', 'preRoute', 'preDeliver', 'postDeliver', 'onReceive', 'postReceive', 'onComplete'];

/** Where wires lead while the flows run as they are deployed: each deploy makes it anew. */
export class Routes {
  readonly #RED: NodeAPI;
  /** Nodes that `complete` nodes watch, and links that return to a caller: what passes there is seen, or goes elsewhere. */
  #special: Set<string> | null = null;
  /** Grows with each deploy. */
  #deploy = 0;
  readonly #isMeasured: boolean;
  /** As it was found in this turn of the event loop. */
  #isWatched: boolean | null = null;

  static readonly #all = new WeakMap<object, Routes>();

  /** The one of this Node-RED: two listeners, however many nodes there are. */
  static of(RED: NodeAPI): Routes {
    let routes = Routes.#all.get(RED.events);
    if (routes === undefined) {
      routes = new Routes(RED);
      Routes.#all.set(RED.events, routes);
    }
    return routes;
  }

  private constructor(RED: NodeAPI) {
    this.#RED = RED;
    // Node-RED's test kit has neither of both.
    this.#isMeasured = RED.log.metric?.() ?? true;
    RED.events.on('flows:started', () => this.#begin());
    RED.events.on('flows:stopping', () => {
      this.#special = null;
      this.#deploy += 1;
    });
  }

  /** Differs from what it was before a deploy. */
  get deploy(): number {
    return this.#deploy;
  }

  /** Whether somebody listens to every message of Node-RED: hooks, as debuggers use them, or its own metrics. */
  get isWatched(): boolean {
    if (this.#isWatched === null) {
      this.#isWatched = this.#isMeasured || HOOKS.some((name) => this.#RED.hooks?.has(name) ?? true);
      setImmediate(() => {
        this.#isWatched = null;
      });
    }
    return this.#isWatched;
  }

  /**
   * Whom an output reaches, link nodes passed; null where that is not known: during a deploy, or where somebody
   * watches a node on the way.
   */
  trace(node: WiredNode, output: number): readonly WiredNode[] | null {
    const found = new Set<WiredNode>();
    return this.#follow(node.wires?.[output] ?? [], found, new Set()) ? [...found] : null;
  }

  #begin(): void {
    const special = new Set<string>();
    this.#RED.nodes.eachNode((each) => {
      const { id, type, mode, scope } = each as unknown as Definition;
      if (type === 'link out' && mode === 'return') special.add(id);
      if (type === 'complete' && Array.isArray(scope))
        for (const watched of scope) special.add(String(watched));
    });
    this.#special = special;
    this.#deploy += 1;
  }

  #follow(wires: readonly string[], found: Set<WiredNode>, passed: Set<string>): boolean {
    for (const id of wires) {
      if (this.#special === null || this.#special.has(id)) return false;
      const node = this.#RED.nodes.getNode(id) as WiredNode | null | undefined;
      // Disabled, or within a subflow: Node-RED knows.
      if (node === null || node === undefined) return false;
      if (!LINKS.has(node.type)) found.add(node);
      else if (!passed.has(id)) {
        passed.add(id);
        if (!this.#follow(node.wires?.[0] ?? [], found, passed)) return false;
      }
    }
    return true;
  }
}

/** Whether it does something with messages at present. */
export function isListening(node: WiredNode): boolean {
  return !CAN_BE_OFF.has(node.type) || node.active !== false;
}
