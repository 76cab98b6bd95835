import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { commandVector, compareDomains } from '../../../../src/domain/command/vector.ts';
import type { AgentTwin } from '../../../../src/domain/sensor/twin.ts';
import { addAgent, createTwin, findAgent } from '../../../../src/domain/sensor/twin.ts';

const domain = fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.toWellFormed());
const agent = (domain: string): AgentTwin => ({
  domain,
  agentName: 'TestAgent',
  version: '1.0.0',
  state: null,
  settings: {},
  value: 0,
  until: null,
  holdEndsAt: null,
  job: null,
  wakeAt: null,
  parked: null,
  guard: {},
  because: null,
  decidedAt: null,
});

describe('compareDomains', () => {
  it('goes by the bytes, never by a locale (protocol §5.3)', () => {
    const domains = ['ä', 'a', 'Z', '2_y', '10_x', '10_xx', '\u{1f331}', '\uffee'];
    domains.sort(compareDomains);
    assert.deepEqual(domains, ['10_x', '10_xx', '2_y', 'Z', 'a', 'ä', '\uffee', '\u{1f331}']);
  });

  it('orders as Buffer.compare does', () => {
    fc.assert(
      fc.property(domain, domain, (a, b) => {
        const expected = Buffer.compare(Buffer.from(a), Buffer.from(b));
        assert.equal(Math.sign(compareDomains(a, b)), expected);
      }),
    );
  });
});

describe('commandVector', () => {
  it('holds the low eight bits of each value (protocol §5.3)', () => {
    assert.deepEqual(
      [...commandVector([0, 1, 100, 256, -1, 511, -2_147_483_648])],
      [0, 1, 100, 0, 255, 255, 0],
    );
    assert.equal(commandVector([]).length, 0);
  });
});

describe('a twin', () => {
  it('keeps its agents in the order of the vector, in whatever order they come (protocol §5.3)', () => {
    fc.assert(
      fc.property(fc.uniqueArray(domain, { maxLength: 12 }), (domains) => {
        const twin = createTwin(1, 'Fern');
        for (const each of domains) addAgent(twin, agent(each));
        const sorted = [...domains].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        assert.deepEqual(
          twin.agents.map((each) => each.domain),
          sorted,
        );
      }),
    );
  });

  it('finds an agent by its domain', () => {
    const twin = createTwin(1, 'Fern');
    addAgent(twin, agent('01_Water'));
    assert.equal(findAgent(twin, '01_Water')?.domain, '01_Water');
    assert.equal(findAgent(twin, '01_water'), undefined);
  });
});
