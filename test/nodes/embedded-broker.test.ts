import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { connectAsync } from 'mqtt';
import { freePort } from '../support/free-port.ts';
import { useMqttClients } from '../support/mqtt-clients.ts';
import { LEVEL, type Message, useNodeRed } from '../support/node-red-site.ts';
import { type FlowNode, gardenNode, inGarden, probe, tab, wired } from '../support/ripe-flow.ts';
import { quietly, until } from '../support/until.ts';

const STATUS = 'ripe-embedded-broker.status';

describe('ripe-embedded-broker', () => {
  const site = useNodeRed();
  const mqtt = useMqttClients();
  const flow = (properties: object = {}): FlowNode[] => [
    tab(),
    gardenNode(),
    inGarden('broker', 'ripe-embedded-broker', properties, ['clients']),
    probe('clients'),
  ];

  it('tells of clients that come, are refused and go, and counts them', async () => {
    await site.load(flow());
    const port = await site.mqttPort('broker');
    const client = await mqtt.connect(port, { clientId: 'sensor-7' });
    await client.subscribeAsync('#').catch(() => undefined);
    await client.endAsync();
    const clients = await until(() => site.messages('clients').length === 3 && site.messages('clients'));
    assert.deepEqual(clients.map(summary), [
      ['client/connected', { client: 'sensor-7', address: '127.0.0.1', at: 'a time' }],
      [
        'client/refused',
        { client: 'sensor-7', address: '127.0.0.1', at: 'a time', reason: 'subscribe to another topic' },
      ],
      ['client/disconnected', { client: 'sensor-7', address: '127.0.0.1', at: 'a time' }],
    ]);
    const counts = site.badges('broker').slice(1);
    assert.deepEqual(
      counts.map(({ text, fill }) => [fill, JSON.parse(text.slice(text.indexOf('{'))).clients]),
      [0, 1, 1, 0].map((count) => ['green', count]),
    );
  });

  it('serves WebSockets on the port of Node-RED, unless its dialog says no', async () => {
    const address = () => site.serverUrl.replace('http', 'ws');
    await site.load(flow());
    await site.mqttPort('broker');
    for (const path of ['/mqtt', '/']) {
      const client = await connectAsync(`${address()}${path}`, { reconnectPeriod: 0, username: 'any' });
      await client.endAsync();
    }
    await site.unload();
    site.badges('broker').length = 0;
    await site.load(flow({ websocket: false }));
    await site.mqttPort('broker');
    await assert.rejects(
      connectAsync(`${address()}/mqtt`, { reconnectPeriod: 0, username: 'any', connectTimeout: 300 }),
    );
  });

  it('listens at the port of its dialog, else at that of the settings', async () => {
    const [ofSettings, ofDialog] = [await freePort(), await freePort()];
    const settings = { ripe: { host: '127.0.0.1', mqttPort: ofSettings } };
    await site.load(flow({ port: '' }), { settings });
    assert.equal(await site.mqttPort('broker'), ofSettings);
    await site.unload();
    site.badges('broker').length = 0;
    await site.load(flow({ port: String(ofDialog) }), { settings });
    assert.equal(await site.mqttPort('broker'), ofDialog);
  });

  it('says which port is in use, and where to choose another', async () => {
    const other: Server = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    try {
      await site.load(flow({ port }));
      await site.error('broker', `port ${port} is in use (RIPE_MQTT_PORT)`);
      assert.equal((await site.badge('broker', `${STATUS}.failed`)).fill, 'red');
    } finally {
      other.close();
    }
  });

  it('stays off where RIPE_BROKERS names other brokers', async () => {
    const ripe = { host: '127.0.0.1', mqttPort: await freePort(), brokers: 'mqtt://127.0.0.1:1' };
    await site.load(flow(), { settings: { ripe } });
    assert.equal((await site.badge('broker', `${STATUS}.unused`)).fill, 'grey');
    await assert.rejects(mqtt.connect(ripe.mqttPort));
  });

  it('needs a garden', async () => {
    await site.load([tab(), wired('broker', 'ripe-embedded-broker')]);
    await site.error('broker', 'No ripe-garden is chosen');
    assert.equal((await site.badge('broker', `${STATUS}.failed`)).fill, 'red');
  });

  for (const [field, value] of Object.entries({ port: 70_000, websocket: 'yes', host: 5 })) {
    it(`names the bad field ${field}`, async () => {
      await site.load(flow({ [field]: value }));
      await site.error('broker', `${field}: must be`);
    });
  }

  it('serves nobody after it was stopped', async () => {
    await site.load(flow());
    const port = await site.mqttPort('broker');
    const client = await mqtt.connect(port);
    await site.unload();
    await until(() => !client.connected);
    await quietly();
    await assert.rejects(mqtt.connect(port));
    assert.deepEqual(site.logged(LEVEL.ERROR), []);
  });
});

function summary({ topic, payload }: Message): unknown[] {
  const { at, ...rest } = payload as { at: number };
  return [topic, { ...rest, at: typeof at === 'number' ? 'a time' : at }];
}
