import assert from 'node:assert/strict';
import { ensureDist, ROOT } from '../support/dist.ts';
import { eventually } from '../support/eventually.ts';
import type { NodeRedProcess } from '../support/node-red-process.ts';
import { Palette, READER, startEmptyNodeRed } from '../support/palette.ts';
import { readFlow } from '../support/recipes.ts';

const GARDEN = '/ripe/gardens/ripe.garden';

describe('who may ask a garden what, in a Node-RED with logins', () => {
  let nodeRed: NodeRedProcess;
  let admin: Palette;
  let visitor: Palette;

  before('start, and log both in', async () => {
    ensureDist();
    nodeRed = await startEmptyNodeRed({ nodesDir: [ROOT], flow: readFlow('flows/ripe.json') });
    [admin, visitor] = [new Palette(nodeRed), new Palette(nodeRed)];
    await admin.logIn();
    await visitor.logIn(READER);
    await eventually(async () => assert.equal((await admin.send('GET', `${GARDEN}/choices`)).status, 200));
  });
  after('stop', async () => {
    await nodeRed?.stop();
  });

  it('who may read sees the garden, without a key', async () => {
    const sensor = await fetch(`${nodeRed.url}/api/sensor`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"name":"Basil"}',
    });
    const { id, key } = (await sensor.json()) as { id: number; key: string };
    for (const place of ['', '/choices']) {
      const answer = await visitor.send('GET', `${GARDEN}${place}`);
      assert.equal(answer.status, 200);
      const text = await answer.text();
      assert.ok(text.includes('Basil') && !text.includes(key), place);
    }
    const shown = await admin.call('POST', `${GARDEN}/key`, JSON.stringify({ sensor: id }));
    assert.deepEqual(shown, { key });
  });

  for (const [place, body] of [
    ['stop', { sensor: 1, domain: '01_Water' }],
    ['plugins', { action: 'rescan' }],
    ['key', { sensor: 1 }],
  ] as const) {
    it(`who may only read is refused ${place}`, async () => {
      const { status } = await visitor.send('POST', `${GARDEN}/${place}`, JSON.stringify(body));
      assert.equal(status, 401);
    });
  }

  it('nobody sees anything without a login', async () => {
    for (const place of ['/ripe/gardens', GARDEN, `${GARDEN}/choices`])
      assert.equal((await fetch(`${nodeRed.url}${place}`)).status, 401, place);
  });
});
