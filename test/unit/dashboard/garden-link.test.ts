import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Answer,
  GardenLink,
  type PageSocket,
} from '../../../dashboard/nodes/ui-ripe-garden/garden-link.ts';

const ID = 'widget';

type Listener = (...args: unknown[]) => void;

/** The server's end of a page's connection. */
class FakePage implements PageSocket {
  readonly handshake = { headers: { host: 'garden.local:1880' } };
  readonly heard: { topic: string }[] = [];
  readonly answers: Answer[] = [];
  readonly #events = new EventEmitter();
  connected = true;

  on(event: string, listener: (...args: never[]) => void): void {
    this.#events.on(event, listener as Listener);
  }

  off(event: string, listener: (...args: never[]) => void): void {
    this.#events.off(event, listener as Listener);
  }

  emit(event: string, payload: unknown): void {
    assert.equal(event, `ripe-events:${ID}`);
    this.heard.push(...(payload as { topic: string }[]));
  }

  ask(call: unknown): void {
    this.#events.emit(`ripe-ask:${ID}`, call, (answer: Answer) => this.answers.push(answer));
  }

  follow(what: unknown): void {
    this.#events.emit(`ripe-follow:${ID}`, what);
  }

  get listeners(): number {
    return this.#events.listenerCount(`ripe-ask:${ID}`) + this.#events.listenerCount(`ripe-follow:${ID}`);
  }
}

function world(pages = 1) {
  const sent: { call: Record<string, unknown>; dashboard: string }[] = [];
  let ids = 0;
  const link = new GardenLink({
    id: ID,
    newId: () => {
      ids += 1;
      return `ask-${ids}`;
    },
    send: (message) => sent.push(message as (typeof sent)[0]),
  });
  const opened = Array.from({ length: pages }, () => new FakePage());
  for (const page of opened) link.attach(page);
  return { link, sent, pages: opened, page: opened[0] as FakePage };
}

describe('The link between pages and wires', () => {
  it('sends the call of a page, and the answer to that page alone', () => {
    const { link, sent, pages } = world(2);
    const [one, other] = pages as [FakePage, FakePage];
    one.ask({ method: 'GET', path: '/api/overview' });
    other.ask({ method: 'POST', path: '/api/sensor', body: {} });
    assert.deepEqual(sent[0]?.call, { method: 'GET', path: '/api/overview', host: 'garden.local:1880' });
    link.input({ dashboard: sent[1]?.dashboard, statusCode: 200, payload: '{"key":"secret"}' });
    assert.deepEqual([one.answers, other.answers], [[], [{ status: 200, body: '{"key":"secret"}' }]]);
    link.input({ dashboard: sent[1]?.dashboard, statusCode: 200, payload: 'again' });
    assert.equal(other.answers.length, 1);
    link.stop();
    assert.equal(one.answers[0]?.status, 503);
  });

  it('takes the name by which it is reached from the connection, not from the page', () => {
    const { link, sent, page } = world();
    page.ask({ method: 'GET', path: '/api/overview', host: 'evil.example' });
    assert.equal(sent[0]?.call['host'], 'garden.local:1880');
    link.stop();
  });

  it('lets pages ask for what they show, and for nothing else', () => {
    const { link, page, sent } = world();
    const path = '/api/agent/7/MDFfV2F0ZXI%3D';
    const allowed = [
      ['GET', '/api/sensor/7/data?from=a&until=b'],
      ['POST', path],
      ['PATCH', `${path}/settings`],
      ['POST', `${path}/what-if`],
      ['POST', '/api/sensor'],
    ];
    for (const [method, place] of allowed) page.ask({ method, path: place });
    assert.deepEqual([page.answers.length, sent.length], [0, allowed.length]);
    const others = [
      ['POST', '/api/sensor/7/key'],
      ['DELETE', '/api/sensor'],
      ['DELETE', '/api/agent/7'],
      ['POST', '/api/plugin/rollback'],
      ['GET', '/api/sensor'],
      ['GET', '/api/sensor/7/events'],
      ['POST', '/api/overview/../plugin/rescan'],
    ];
    for (const [method, place] of others) page.ask({ method, path: place });
    page.ask({});
    assert.deepEqual(
      page.answers.map(({ status }) => status),
      [...others.map(() => 403), 403],
    );
    link.stop();
  });

  it('refuses what is no call, and a page that asks for too much at once', () => {
    const { link, page, sent } = world();
    page.ask('nonsense');
    for (let count = 0; count < 65; count++) page.ask({ method: 'GET', path: '/api/overview' });
    assert.deepEqual(
      page.answers.map(({ status }) => status),
      [400, 429],
    );
    assert.equal(sent.length, 64);
    link.stop();
  });

  it('tells who follows of events, together, and of each sensor the newest reading', async () => {
    const { link, pages } = world(3);
    const [all, one, none] = pages as [FakePage, FakePage, FakePage];
    all.follow('all');
    one.follow(7);
    const read = (sensor: number, moisture: number) =>
      link.input({
        topic: `sensor/${sensor}/reading`,
        payload: { sensor, name: 'Bed', reading: { timestamp: 5, moisture, light: null } },
      });
    read(7, 1);
    read(8, 3);
    read(7, 2);
    link.input({ topic: 'sensor/7/log', payload: {} });
    link.input({ topic: 'broker/disconnected', payload: {} });
    link.input({ topic: 'something/else', payload: {} });
    await pause(400);
    const newest = {
      topic: 'sensor/7/reading',
      payload: { sensor: 7, reading: { timestamp: 5, moisture: 2 } },
    };
    assert.deepEqual(one.heard, [
      newest,
      { topic: 'sensor/7/log', payload: {} },
      { topic: 'broker/disconnected', payload: {} },
    ]);
    // The broker can wait no longer, and takes the readings along.
    assert.deepEqual(all.heard, []);
    await pause(300);
    assert.deepEqual(all.heard, [
      { topic: 'sensor/8/reading', payload: { sensor: 8, reading: { timestamp: 5, moisture: 3 } } },
      newest,
      { topic: 'broker/disconnected', payload: {} },
    ]);
    assert.deepEqual(none.heard, []);
    link.stop();
  });

  it('lets the readings of all wait for each other', async function () {
    this.timeout(10_000);
    const { link, page } = world();
    page.follow('all');
    for (const sensor of [1, 2]) {
      link.input({ topic: `sensor/${sensor}/reading`, payload: { sensor, reading: { moisture: 1 } } });
      await pause(700);
      assert.deepEqual(page.heard, []);
    }
    await pause(1_800);
    assert.equal(page.heard.length, 2);
    link.stop();
  });

  it('tells of decisions that change nothing on the page of their sensor only', async () => {
    const { link, pages } = world(2);
    const [all, one] = pages as [FakePage, FakePage];
    all.follow('all');
    one.follow(7);
    const decided = (event: string, job: string | null) =>
      link.input({ topic: 'sensor/7/decision', payload: { event, job } });
    decided('reading', null);
    decided('reading', 'job-1');
    decided('forced', null);
    await pause(700);
    assert.deepEqual([all.heard.length, one.heard.length], [2, 3]);
    link.stop();
  });

  it('tells nothing where nobody looks any more', async () => {
    const { link, page } = world();
    assert.equal(link.isFollowed, false);
    page.follow(7);
    assert.equal(link.isFollowed, true);
    link.input({ topic: 'sensor/7/log', payload: {} });
    page.follow(null);
    assert.equal(link.isFollowed, false);
    await pause(400);
    assert.deepEqual(page.heard, []);
    link.stop();
  });

  it('keeps what another page follows, and forgets what only a closed one did', async () => {
    const { link, pages } = world(2);
    const [closed, open] = pages as [FakePage, FakePage];
    closed.follow('all');
    open.follow(7);
    closed.connected = false;
    link.input({ topic: 'sensor/7/log', payload: {} });
    await pause(400);
    assert.equal(open.heard.length, 1);
    open.follow(null);
    assert.equal(link.isFollowed, false);
    link.stop();
  });

  it('lets go of pages that are closed, and of all when it stops', () => {
    const { link, pages } = world(2);
    const [closed, open] = pages as [FakePage, FakePage];
    closed.connected = false;
    assert.equal(link.pages, 1);
    link.attach(open);
    assert.deepEqual([closed.listeners, open.listeners], [0, 2]);
    link.stop();
    assert.equal(open.listeners, 0);
  });
});
