import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { AgentRegistry } from '../../../../src/adapters/agents/agent-registry.ts';
import { PluginDesk } from '../../../../src/adapters/agents/plugin-desk.ts';
import { WiredAgents, type WireQuestion } from '../../../../src/adapters/garden/wired-agents.ts';
import type { AgentEvent } from '../../../../src/domain/agent/agent-contract.ts';
import type { PluginEvent } from '../../../../src/domain/agent/plugin.ts';
import type { WiredType } from '../../../../src/domain/wires/wired-type.ts';
import { idleView } from '../../domain/wires/wire-views.ts';

const wet = (parts: Partial<WiredType> = {}): WiredType => {
  const usual = { name: 'WetAgent', version: '1.0.0+a', neutral: 0, settings: {}, answerWithinMs: 60_000 };
  return { ...usual, ...parts };
};

describe('agent types made of wires', () => {
  let registry: AgentRegistry;
  let wires: WiredAgents;
  let events: PluginEvent[];
  let sent: { node: string; question: WireQuestion }[];

  beforeEach(() => {
    registry = new AgentRegistry();
    const desk = new PluginDesk(registry);
    events = [];
    sent = [];
    desk.on('event', (event) => events.push(event));
    wires = new WiredAgents(desk);
  });
  afterEach(() => wires.stop());

  const claim = (node: string, type = wet()) =>
    wires.claim(type, {
      node,
      send: (question) => sent.push({ node, question }),
      answered: () => undefined,
    });
  const host = () => registry.get('WetAgent');
  const ask = (event: AgentEvent = { type: 'started', at: Date.now() }) => host()?.decide(event, idleView());
  const told = () => events.map(({ kind, version }) => `${kind} ${version}`);

  it('are announced, updated and retired like any plugin', () => {
    claim('a');
    wires.leave('a');
    claim('a', wet({ version: '1.0.0+b' }));
    wires.release('a');
    assert.equal(host()?.version, '1.0.0+b');
    wires.leave('a');
    wires.release('a');
    assert.equal(host(), undefined);
    assert.deepEqual(told(), ['loaded 1.0.0+a', 'updated 1.0.0+b', 'retired 1.0.0+b']);
    assert.deepEqual(new Set(events.map(({ source }) => source)), new Set(['wires']));
  });

  it('stay as they are when their node is deployed anew with the same dialog', () => {
    claim('a');
    const before = host();
    wires.leave('a');
    claim('a');
    wires.release('a');
    assert.equal(host(), before);
    assert.deepEqual(told(), ['loaded 1.0.0+a']);
  });

  it('ask through the next node what was asked while theirs was being deployed', async () => {
    claim('a');
    wires.leave('a');
    const decision = ask();
    assert.equal(sent.length, 0);
    claim('b');
    const [first] = sent;
    assert.equal(first?.node, 'b');
    wires.release('a');
    wires.answer(first?.question.id ?? '', { payload: 3 });
    assert.equal((await decision)?.hold, 3);
  });

  it('take an answer to what their former version has asked', async () => {
    claim('a');
    const decision = ask();
    wires.leave('a');
    claim('a', wet({ version: '2.0.0+c' }));
    wires.answer(sent[0]?.question.id ?? '', { payload: true });
    assert.equal((await decision)?.hold, 1);
  });

  it('skip what is asked when they are gone, or at the end', async () => {
    claim('a');
    const [first, second] = [ask(), ask()];
    wires.leave('a');
    wires.release('a');
    assert.equal((await first)?.because.code, 'gone');
    claim('a');
    const third = ask();
    wires.stop();
    assert.equal((await second)?.because.code, 'gone');
    assert.equal((await third)?.because.code, 'gone');
  });

  it('are refused under a name that a node of another id has', () => {
    claim('a');
    assert.throws(() => claim('b'), { code: 'RIPE_AGENT_TYPE_TAKEN', params: { name: 'WetAgent' } });
    claim('b', wet({ name: 'OtherAgent' }));
  });

  it('keep what works where the next dialog cannot be drawn', () => {
    claim('a');
    const bad = { limit: { kind: 'intSlider', key: '01_limit', lower: 0, upper: 1.5, default: 1 } };
    assert.throws(() => claim('a', wet({ version: '2.0.0+c', settings: bad as never })), /settings\.limit/);
    assert.equal(host()?.version, '1.0.0+a');
  });

  it('let readings go that have waited for longer than an answer may take', async () => {
    claim('a', wet({ answerWithinMs: 1_000 }));
    const { reading } = idleView({ reading: { timestamp: 0 } as never });
    assert.ok(reading);
    const old = ask({ type: 'reading', at: Date.now() - 2_000, reading });
    assert.deepEqual(await old, { because: { code: 'overtaken' } });
    void ask({ type: 'forced', at: Date.now() - 2_000, payload: 0 });
    void ask({ type: 'reading', at: Date.now(), reading });
    assert.deepEqual(
      sent.map(({ question }) => question.event.type),
      ['forced', 'reading'],
    );
  });
});
