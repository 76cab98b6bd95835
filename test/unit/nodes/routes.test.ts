import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import type { Node, NodeAPI } from 'node-red';
import { offerTake, TAKE } from '../../../nodes/shared/handover.ts';
import { Outlet } from '../../../nodes/shared/outlet.ts';

interface Definition {
  readonly id: string;
  readonly type: string;
  readonly wires?: string[][];
  readonly [other: string]: unknown;
}

/** As much of Node-RED as wires need. */
class Wiring {
  readonly events = new EventEmitter();
  readonly hooks = { names: new Set<string>(), has: (name: string) => this.hooks.names.has(name) };
  readonly log = { metric: () => false };
  readonly nodes = {
    getNode: (id: string) => this.#nodes.get(id) ?? null,
    eachNode: (each: (node: Definition) => void) =>
      [...this.#nodes.values()].forEach((node) => void each(node)),
  };
  /** What went the way of Node-RED. */
  readonly sent: unknown[] = [];
  readonly #nodes = new Map<string, Definition>();

  constructor(flow: readonly Definition[]) {
    for (const node of flow)
      this.#nodes.set(node.id, { ...node, send: (messages: unknown) => void this.sent.push(messages) });
  }

  node(id: string): Node {
    return this.#nodes.get(id) as unknown as Node;
  }

  outlet(id: string): Outlet {
    return new Outlet(this as unknown as NodeAPI, this.node(id));
  }

  deploy(): void {
    this.events.emit('flows:stopping');
    this.events.emit('flows:started');
  }
}

const POOL = { id: 'pool', type: 'ripe-broker-pool', wires: [['out'], ['debug']] };
const LINKED = [
  { id: 'out', type: 'link out', mode: 'link', wires: [['in']] },
  { id: 'in', type: 'link in', wires: [['runtime']] },
];
const RUNTIME = { id: 'runtime', type: 'ripe-sensor-runtime', wires: [] };
const DEBUG = { id: 'debug', type: 'debug', active: false, wires: [] };

describe('a wire between two nodes of RIPE', () => {
  const taken: object[] = [];
  let withdraw: () => void = () => undefined;

  function start(flow: readonly Definition[]): { wiring: Wiring; outlet: Outlet } {
    const wiring = new Wiring(flow);
    const outlet = wiring.outlet('pool');
    withdraw = offerTake(wiring.node('runtime'), (message) => void taken.push(message));
    wiring.deploy();
    return { wiring, outlet };
  }

  afterEach(() => {
    withdraw();
    taken.length = 0;
  });

  it('is passed by in order, in a later turn, also through links', async () => {
    const { wiring, outlet } = start([POOL, ...LINKED, RUNTIME, DEBUG]);
    const messages = [{ topic: 'a' }, { topic: 'b' }];
    for (const message of messages) outlet.send([message]);
    assert.deepEqual(taken, []);
    await turn();
    assert.deepEqual(taken, messages);
    assert.equal(taken[0], messages[0]);
    assert.deepEqual(wiring.sent, []);
  });

  it('is known to lead to nobody else, as long as it does', () => {
    const { wiring, outlet } = start([POOL, ...LINKED, RUNTIME, DEBUG]);
    assert.equal(outlet.isNext(0, RUNTIME.type), true);
    assert.equal(outlet.isNext(0, 'ripe-job-runner'), false);
    assert.equal(outlet.isNext(1, DEBUG.type), false);
    withdraw();
    assert.equal(outlet.isNext(0, RUNTIME.type), false, 'it does not run');
    withdraw = offerTake(wiring.node('runtime'), () => undefined);
    assert.equal(outlet.isNext(0, RUNTIME.type), true);
  });

  it('is known to lead elsewhere where somebody listens, or a node is on it', () => {
    const debug = { ...DEBUG, active: true };
    const both = start([{ ...POOL, wires: [['runtime', 'debug']] }, RUNTIME, debug]);
    assert.equal(both.outlet.isNext(0, RUNTIME.type), false);
    withdraw();
    const change = { id: 'change', type: 'change', wires: [['runtime']] };
    const beside = start([{ ...POOL, wires: [['change']] }, change, RUNTIME]);
    assert.equal(beside.outlet.isNext(0, RUNTIME.type), false);
    withdraw();
    const hooked = start([POOL, ...LINKED, RUNTIME, DEBUG]);
    hooked.wiring.hooks.names.add('onSend');
    assert.equal(hooked.outlet.isNext(0, RUNTIME.type), false);
  });

  it('is passed by to a node of another package that offers to take messages, whatever it makes of them', async () => {
    const errors: unknown[] = [];
    const page = {
      ...RUNTIME,
      [TAKE](message: { topic: string }) {
        if (message.topic === 'bad') throw new Error('bad message');
        taken.push(message);
      },
      error: (error: unknown) => void errors.push(error),
    };
    const wiring = new Wiring([POOL, ...LINKED, page, DEBUG]);
    const outlet = wiring.outlet('pool');
    wiring.deploy();
    for (const topic of ['bad', 'good']) outlet.send([{ topic }]);
    await turn();
    assert.deepEqual([taken, wiring.sent, errors.length], [[{ topic: 'good' }], [], 1]);
  });

  it('is passed by within the turn by what goes on, in order', async () => {
    const { outlet } = start([POOL, ...LINKED, RUNTIME, DEBUG]);
    const messages = [{ topic: 'a' }, { topic: 'b' }];
    for (const message of messages) outlet.send([message], true);
    assert.deepEqual(taken, []);
    await new Promise<void>(process.nextTick);
    assert.deepEqual(taken, messages);
  });

  it('is passed by where it leads to a plain http response node, and gone along where another node hears of the answer', () => {
    const reply = { payload: '[]', statusCode: 200, headers: { 'content-type': 'application/json' } };
    const response = { id: 'response', type: 'http response', headers: {}, statusCode: Number.NaN };
    for (const [others, answers] of [
      [[], 1],
      [['runtime'], 0],
    ] as const) {
      const ended: unknown[] = [];
      const _res = { writeHead: () => undefined, end: (text: unknown) => void ended.push(text) };
      const pool = { ...POOL, wires: [['response', ...others]] };
      const { wiring, outlet } = start([pool, response, RUNTIME]);
      outlet.send([{ ...reply, res: { _res } }]);
      assert.deepEqual([ended.length, wiring.sent.length], [answers, 1 - answers]);
    }
  });

  it('is gone along where somebody has put a node on it', async () => {
    const { wiring, outlet } = start([
      { ...POOL, wires: [['change']] },
      { id: 'change', type: 'change', wires: [['runtime']] },
      RUNTIME,
    ]);
    outlet.send([{ topic: 'a' }]);
    await turn();
    assert.deepEqual([taken.length, wiring.sent.length], [0, 1]);
  });

  it('is gone along where a second node listens, as a debug node that is switched on', async () => {
    const debug = { ...DEBUG, active: true };
    const { wiring, outlet } = start([{ ...POOL, wires: [['runtime', 'debug']] }, RUNTIME, debug]);
    outlet.send([{ topic: 'a' }]);
    await turn();
    assert.deepEqual([taken.length, wiring.sent.length], [0, 1]);
  });

  it('is passed by where the second one is a debug node that is switched off', async () => {
    const { outlet } = start([{ ...POOL, wires: [['runtime', 'debug']] }, RUNTIME, DEBUG]);
    outlet.send([{ topic: 'a' }]);
    await turn();
    assert.equal(taken.length, 1);
  });

  for (const [what, node] of [
    ['a complete node watches the runtime', { id: 'done', type: 'complete', scope: ['runtime'] }],
    ['a complete node watches a link', { id: 'done', type: 'complete', scope: ['in'] }],
  ] as const) {
    it(`is gone along where ${what}`, async () => {
      const watched = { ...node, scope: [...node.scope] };
      const { wiring, outlet } = start([POOL, ...LINKED, RUNTIME, DEBUG, watched]);
      outlet.send([{ topic: 'a' }]);
      await turn();
      assert.deepEqual([taken.length, wiring.sent.length], [0, 1]);
    });
  }

  it('is gone along where a link returns to its caller', async () => {
    const back = { id: 'out', type: 'link out', mode: 'return', wires: [] };
    const { wiring, outlet } = start([POOL, back, RUNTIME, DEBUG]);
    outlet.send([{ topic: 'a' }]);
    await turn();
    assert.equal(wiring.sent.length, 1);
    assert.equal(outlet.isHeard(0), true);
  });

  it('is gone along from the next turn on when somebody adds a hook', async () => {
    const { wiring, outlet } = start([POOL, ...LINKED, RUNTIME, DEBUG]);
    outlet.send([{ topic: 'a' }]);
    wiring.hooks.names.add('onSend');
    await turn();
    outlet.send([{ topic: 'b' }]);
    await turn();
    assert.deepEqual([taken.length, wiring.sent.length], [1, 1]);
  });

  it('delivers nothing to a node that was closed meanwhile', async () => {
    const { outlet } = start([POOL, ...LINKED, RUNTIME, DEBUG]);
    outlet.send([{ topic: 'a' }]);
    withdraw();
    await turn();
    assert.deepEqual(taken, []);
  });

  it('is traced anew after a deploy, and not trusted during it', async () => {
    const { wiring, outlet } = start([POOL, ...LINKED, RUNTIME, DEBUG]);
    wiring.events.emit('flows:stopping');
    outlet.send([{ topic: 'a' }]);
    await turn();
    assert.deepEqual([taken.length, wiring.sent.length], [0, 1]);
    wiring.events.emit('flows:started');
    outlet.send([{ topic: 'b' }]);
    await turn();
    assert.deepEqual([taken.length, wiring.sent.length], [1, 1]);
  });

  it('is heard by nobody where only a debug node is that is switched off', () => {
    const { outlet } = start([POOL, ...LINKED, RUNTIME, DEBUG]);
    assert.deepEqual([outlet.isHeard(0), outlet.isHeard(1)], [true, false]);
  });

  it('keeps a message of two outputs on both', async () => {
    const { wiring, outlet } = start([POOL, ...LINKED, RUNTIME, DEBUG]);
    outlet.send([{ topic: 'a' }, { topic: 'b' }]);
    await turn();
    assert.deepEqual([taken.length, wiring.sent.length], [0, 1]);
  });
});
