import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it } from 'mocha';
import {
  agentPath,
  GardenClient,
  type Refusal,
  rangeQuery,
  type Socket,
} from '../../../dashboard/ui/data/garden-client.ts';

type Answering = (call: Record<string, unknown>) => { status: number; body: string };

/** The browser's end of a connection whose server answers at once. */
function socketOf(answer: Answering, connected = true) {
  const events = new EventEmitter();
  const followed: unknown[] = [];
  const socket = {
    connected,
    on: (event: string, listener: never) => events.on(event, listener),
    off: (event: string, listener: never) => events.off(event, listener),
    emit(event: string, what: unknown, acknowledge?: (answer: object) => void) {
      if (event === 'ripe-follow:w') followed.push(what);
      else acknowledge?.(answer(what as Record<string, unknown>));
    },
  } satisfies Socket;
  const client = new GardenClient(socket, {
    widget: 'w',
    asker: () => ({ timeZone: 'Europe/Berlin', locale: 'de' }),
    noAnswer: () => 'keine Antwort',
    errorText: (code) => (code === 'RIPE_STARTING' ? 'RIPE startet gerade.' : undefined),
  });
  return { client, events, followed };
}

describe('The page’s way to RIPE', () => {
  it('asks in terms of REST, with the zone and the language of who asks', async () => {
    const calls: object[] = [];
    const { client } = socketOf((call) => {
      calls.push(call);
      return { status: 200, body: '{"id":7}' };
    });
    assert.deepEqual(await client.ask('POST', '/api/sensor', { name: 'Bed' }), { id: 7 });
    await client.get('/api/overview');
    const asker = { timeZone: 'Europe/Berlin', locale: 'de' };
    assert.deepEqual(calls, [
      { method: 'POST', path: '/api/sensor', body: { name: 'Bed' }, ...asker },
      { method: 'GET', path: '/api/overview', ...asker },
    ]);
  });

  it('is refused with what RIPE says, and its code', async () => {
    const { client } = socketOf(() => ({
      status: 400,
      body: '{"error":"name: is missing","code":"RIPE_FIELD_INVALID"}',
    }));
    await assert.rejects(client.get('/api/overview'), (refusal: Refusal) => {
      assert.deepEqual(
        [refusal.status, refusal.message, refusal.code],
        [400, 'name: is missing', 'RIPE_FIELD_INVALID'],
      );
      return true;
    });
  });

  it('is refused in words of the page where it has some', async () => {
    const body = '{"error":"RIPE is starting; try again in a moment","code":"RIPE_STARTING"}';
    const { client } = socketOf(() => ({ status: 503, body }));
    await assert.rejects(client.get('/api/overview'), {
      message: 'RIPE startet gerade.',
      code: 'RIPE_STARTING',
    });
  });

  it('tells an answer that is no JSON as a failure, and says nothing into a lost connection', async () => {
    await assert.rejects(socketOf(() => ({ status: 502, body: '<html>' })).client.get('/api/overview'));
    const offline = socketOf(() => assert.fail('asked'), false).client;
    await assert.rejects(offline.get('/api/overview'), { message: 'keine Antwort', isUnanswered: true });
  });

  it('says in the words of the page that RIPE has not answered', async () => {
    const late = socketOf(() => ({ status: 504, body: '{"error":"No answer"}' })).client;
    await assert.rejects(late.get('/api/overview'), { message: 'keine Antwort', isUnanswered: true });
  });

  it('hears events of its own widget until it is told to stop', () => {
    const { client, events, followed } = socketOf(() => assert.fail('asked'));
    const heard: unknown[] = [];
    const end = client.onEvents((each) => heard.push(each));
    client.follow(3);
    client.follow(null);
    events.emit('ripe-events:w', ['one']);
    events.emit('ripe-events:other', ['none']);
    end();
    events.emit('ripe-events:w', ['two']);
    assert.deepEqual([heard, followed], [[['one']], [3, null]]);
  });

  it('writes domains and times as paths of RIPE have them', () => {
    assert.equal(agentPath(7, '1_Öl', '/settings'), '/api/agent/7/MV%2FDlmw%3D/settings');
    assert.equal(rangeQuery(0, 1_000), 'from=1970-01-01T00:00:00.000Z&until=1970-01-01T00:00:01.000Z');
  });
});
