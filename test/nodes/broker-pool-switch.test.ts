import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { useMosquitto } from '../support/mosquitto.ts';
import { useMqttClients } from '../support/mqtt-clients.ts';
import { LEVEL, useNodeRed } from '../support/node-red-site.ts';
import { external, type FlowNode, gardenNode, inGarden, probe, tab } from '../support/ripe-flow.ts';
import { until } from '../support/until.ts';

const POOL = 'ripe-broker-pool.status';

describe('ripe-broker-pool and the brokers of its garden', () => {
  const [first, second] = [useMosquitto(), useMosquitto()];
  const site = useNodeRed();
  const mqtt = useMqttClients();

  const flow = (properties: object = {}): FlowNode[] => [
    tab(),
    gardenNode(),
    external('one', first.port),
    external('two', second.port),
    inGarden(
      'pool',
      'ripe-broker-pool',
      { brokers: ['one', 'two'], ...properties },
      ['received'],
      ['events'],
    ),
    probe('received'),
    probe('events'),
  ];
  const ports = () => site.garden.brokers.addresses('asked').map(({ port }) => port);
  const inService = (...wanted: number[]) => until(() => String(ports()) === String(wanted), 10_000);
  const record = async (port: number) => {
    const heard = await mqtt.listen(port, 'ripe/epoch');
    const { payload } = await until(() => heard[0]);
    return JSON.parse(payload.toString()) as { garden: string; instance: string; epoch: number; at: number };
  };

  it('tells clients of the broker in service and of no other, of none meanwhile (protocol §8 FIX)', async () => {
    await site.load(flow({ failBack: '1' }));
    await inService(first.port);
    await first.kill();
    await inService(second.port);
    await second.kill();
    await inService();
    await second.start();
    await inService(second.port);
    await first.start();
    await inService(first.port);
  });

  it('tells clients of every broker that is connected in all mode, and counts them in its badge', async () => {
    await site.load(flow({ mode: 'all' }));
    await until(() => ports().length === 2, 10_000);
    assert.equal((await site.badge('pool', `${POOL}.several {"count":2,"of":2}`)).fill, 'green');
    await first.kill();
    await inService(second.port);
    await site.badge('pool', `${POOL}.several {"count":1,"of":2}`);
    await first.start();
    await until(() => ports().length === 2, 10_000);
    const { payload } = await site.message(
      'events',
      ({ topic, payload: event }) =>
        topic === 'broker/connected' && (event as object as { restored?: true }).restored === true,
    );
    assert.equal((payload as { restored: boolean }).restored, true);
  });

  it('raises the epoch with every switch, and leaves it at the broker', async () => {
    await site.load(flow());
    await until(() => ports().length === 1);
    // A first one that is slow to answer is not waited for.
    const [serving, other] = ports()[0] === first.port ? [first, second] : [second, first];
    const before = await record(serving.port);
    assert.deepEqual([before.garden, before.instance], [site.garden.id, site.garden.instance]);
    assert.equal(before.epoch, site.garden.epoch.present);
    await serving.kill();
    await inService(other.port);
    const after = await record(other.port);
    assert.ok(after.epoch > before.epoch, `${after.epoch} after ${before.epoch}`);
    await serving.start();
  });

  it('goes above an epoch that a broker remembers from a run that was further', async () => {
    await site.load(flow({ brokers: ['one'] }));
    await inService(first.port);
    const { garden } = await record(first.port);
    await site.unload();
    const client = await mqtt.connect(first.port);
    const further = { garden, instance: 'before', epoch: 900, at: 1 };
    await client.publishAsync('ripe/epoch', JSON.stringify(further), { qos: 1, retain: true });
    await site.load(flow({ brokers: ['one'] }));
    await until(() => site.garden.epoch.present > 900, 10_000);
    const heard = await mqtt.listen(first.port, 'ripe/epoch');
    await until(() =>
      heard.some(({ payload }) => (JSON.parse(payload.toString()) as { epoch: number }).epoch > 900),
    );
    assert.deepEqual(
      site.messages('events').filter(({ topic }) => topic === 'broker/rival'),
      [],
    );
  });

  it('reports a second RIPE that commands the same garden, loudly', async () => {
    await site.load(flow({ brokers: ['one'] }));
    await inService(first.port);
    const { garden } = await record(first.port);
    const client = await mqtt.connect(first.port);
    const rival = { garden, instance: 'the other', epoch: 1_000, at: Date.now() + 1_000 };
    await client.publishAsync('ripe/epoch', JSON.stringify(rival), { qos: 1, retain: true });
    const { payload } = await site.message('events', 'broker/rival');
    const { at, ...rest } = payload as { at: number };
    assert.ok(Math.abs(Date.now() - at) < 5_000);
    const reason = 'a second RIPE commands this garden';
    assert.deepEqual(rest, { broker: 'the broker one', instance: 'the other', epoch: 1_000, reason });
    await site.error('pool', 'a second RIPE commands this garden');
    assert.equal((await site.badge('pool', `${POOL}.rival`)).fill, 'red');
    await client.publishAsync('ripe/epoch', '', { qos: 1, retain: true });
  });

  it('follows brokers.json as it is edited, and keeps the former list where it is no list', async () => {
    await site.load(flow({ brokers: ['one'] }));
    await inService(first.port);
    const write = (text: string) => writeFile(path.join(site.folder, 'brokers.json'), text);
    await write(`[{"internal":"mqtt://127.0.0.1:${second.port}","external":["tcp://shed:99"]}]`);
    await inService(99);
    await write('[{"internal":"mqtt://u:secret@');
    await site.error('pool', 'brokers.json is not used', 10_000);
    assert.deepEqual(ports(), [99]);
    assert.doesNotMatch(site.logged(LEVEL.INFO).join(), /secret/);
    const lost = site.messages('events').filter(({ topic }) => topic === 'broker/disconnected');
    assert.deepEqual(lost, [], 'nothing was lost on the way');
  });
});
