import assert from 'node:assert/strict';
import { BrokerError } from '../../../../src/adapters/mqtt/link/broker-error.ts';
import type { BrokerLink, OutgoingMessage } from '../../../../src/adapters/mqtt/link/broker-link.ts';
import { Outbox } from '../../../../src/adapters/mqtt/outbox/outbox.ts';

const closed = new BrokerError('closed', 'closed');
const refused = new BrokerError('refused', 'refused');

/** A link whose broker answers when the test says so. */
class FakeLink {
  sendWindow = 2;
  readonly sent: OutgoingMessage[] = [];
  readonly #answers: { resolve: () => void; reject: (error: Error) => void }[] = [];

  publish(message: OutgoingMessage): Promise<void> {
    this.sent.push(message);
    return new Promise((resolve, reject) => this.#answers.push({ resolve, reject }));
  }

  get texts(): string[] {
    return this.sent.map(({ payload }) => String(payload));
  }

  async acknowledge(): Promise<void> {
    this.#answers.shift()?.resolve();
    await settled();
  }

  async fail(error: Error): Promise<void> {
    this.#answers.shift()?.reject(error);
    await settled();
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('Outbox', () => {
  let outbox: Outbox;
  let outcomes: string[];

  beforeEach(() => {
    outbox = new Outbox(3);
    outcomes = [];
  });

  function publish(text: string, topic = `topic/${text}`, changes: Partial<OutgoingMessage> = {}): void {
    const message = { topic, payload: text, qos: 1 as const, retain: false, ...changes };
    outbox.publish(message, true).then(
      () => outcomes.push(`${text} sent`),
      (error: Error) => outcomes.push(`${text}: ${error.message}`),
    );
  }

  function connect(role: 'serving' | 'standby' = 'serving', retained = false) {
    const link = new FakeLink();
    return { link, lane: outbox.add(link as unknown as BrokerLink, role, retained) };
  }

  it('sends in order, no more at once than the broker takes', async () => {
    const { link } = connect();
    for (const text of ['1', '2', '3']) publish(text);
    assert.deepEqual(link.texts, ['1', '2']);
    await link.acknowledge();
    assert.deepEqual([link.texts, outcomes], [['1', '2', '3'], ['1 sent']]);
  });

  it('keeps what is published in a gap, up to its bound', async () => {
    for (const text of ['1', '2', '3', '4']) publish(text);
    await settled();
    assert.deepEqual(outcomes, ['1: no broker is connected, and too many messages wait']);
    const { link } = connect();
    for (const _ of '234') await link.acknowledge();
    assert.deepEqual(link.texts, ['2', '3', '4']);
    assert.deepEqual(outcomes.slice(1), ['2 sent', '3 sent', '4 sent']);
  });

  it('keeps the newest vector and envelope of each sensor, beyond that bound', async () => {
    for (const sensor of [1, 2, 3, 4]) publish(`on ${sensor}`, `sensor/cmd/${sensor}/KEY`);
    publish('envelope', 'sensor/envelope/1/KEY');
    publish('off 1', 'sensor/cmd/1/KEY');
    await settled();
    assert.deepEqual(outcomes, ['on 1: a newer command of this sensor took its place']);
    const { link } = connect();
    for (const _ of '12345') await link.acknowledge();
    assert.deepEqual(link.texts, ['off 1', 'on 2', 'on 3', 'on 4', 'envelope']);
  });

  it('drops what has expired in the gap, and shortens the expiry of the rest', async () => {
    publish('stale', 'sensor/cmd/1/KEY', { expiry: 0.01 });
    publish('fresh', 'sensor/cmd/2/KEY', { expiry: 60 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { link } = connect();
    await link.acknowledge();
    assert.deepEqual(link.texts, ['fresh']);
    assert.equal(link.sent[0]?.expiry, 60);
    assert.deepEqual(outcomes, ['stale: its time was over before a broker could take it', 'fresh sent']);
  });

  it('sends once more what a lost broker has not acknowledged, before everything else', async () => {
    const { link, lane } = connect();
    for (const text of ['1', '2', '3']) publish(text);
    await link.acknowledge();
    await link.fail(closed);
    outbox.remove(lane);
    publish('4');
    const next = connect();
    for (const _ of '234') await next.link.acknowledge();
    assert.deepEqual(next.link.texts, ['2', '3', '4']);
    assert.deepEqual(outcomes, ['1 sent', '2 sent', '3 sent', '4 sent']);
  });

  it('does not repeat a vector that a newer one has overtaken meanwhile', async () => {
    const { lane } = connect();
    publish('on', 'sensor/cmd/1/KEY');
    outbox.remove(lane);
    publish('off', 'sensor/cmd/1/KEY');
    const { link } = connect();
    assert.deepEqual(link.texts, ['off']);
  });

  it('publishes to every broker in service; the first that has it counts', async () => {
    const [one, two] = [connect(), connect()];
    publish('1');
    assert.deepEqual([one.link.texts, two.link.texts], [['1'], ['1']]);
    await two.link.acknowledge();
    assert.deepEqual(outcomes, ['1 sent']);
    outbox.remove(one.lane);
    publish('2');
    assert.deepEqual(two.link.texts, ['1', '2']);
  });

  it('fails when every broker refuses, not when one does', async () => {
    const [one, two] = [connect(), connect()];
    publish('1');
    await one.link.fail(refused);
    assert.deepEqual(outcomes, []);
    await two.link.fail(refused);
    assert.deepEqual(outcomes, ['1: refused']);
  });

  it('gives a standby what is retained, and does not count its word', async () => {
    connect();
    publish('before', 'sensor/cmd/1/KEY', { retain: true });
    const standby = connect('standby', true);
    publish('event');
    publish('now', 'sensor/cmd/2/KEY', { retain: true });
    for (const _ of '12') await standby.link.acknowledge();
    assert.deepEqual(standby.link.texts, ['before', 'now']);
    assert.deepEqual(outcomes, []);
  });

  it('does not take a standby for a broker in service', async () => {
    const { link, lane } = connect('standby', true);
    publish('1');
    assert.deepEqual(link.texts, []);
    outbox.promote(lane);
    assert.deepEqual(link.texts, ['1']);
  });

  it('gives up what waits when it is cleared', async () => {
    publish('1');
    outbox.clear();
    await settled();
    assert.deepEqual(outcomes, ['1: no broker is connected']);
  });

  it('lets a slow broker miss what another one has, never what nobody has', async () => {
    const [fast, slow] = [connect(), connect()];
    fast.link.sendWindow = 100;
    for (let n = 1; n <= 8; n++) publish(String(n));
    await settled();
    assert.deepEqual(outcomes, []);
    for (let n = 1; n <= 8; n++) await fast.link.acknowledge();
    publish('9');
    for (let n = 1; n <= 8; n++) await slow.link.acknowledge();
    assert.deepEqual(slow.link.texts, ['1', '2', '7', '8', '9']);
  });
});
