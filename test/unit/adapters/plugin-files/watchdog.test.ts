import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { usePluginSite } from '../../../support/file-plugins.ts';
import { esm, forced, reading, view } from '../agents/agents-support.ts';

const version = (text: string) => esm({ version: `"${text}"` });

describe('The watchdog over a plugin', () => {
  const site = usePluginSite();
  const THIRD =
    '(e) => { if (e.payload === 3) throw new Error("dry"); return { hold: e.payload ?? 0, because: { code: "c" } }; }';
  const bad = (text: string) => esm({ version: `"${text}"`, decide: THIRD });

  async function fail(times: number): Promise<void> {
    const host = site().registry.get('FernAgent');
    for (let n = 0; n < times; n++) await assert.rejects(async () => host?.decide(forced(3), view()));
  }

  it('rolls a version back that has failed three times, whatever it answered well in between', async () => {
    await site().write('fern.mjs', version('1.0.0'));
    await site().start();
    await site().write('fern.mjs', bad('2.0.0'));
    await site().next('updated');
    const condemned = site().registry.get('FernAgent');
    await fail(2);
    await condemned?.decide(forced(1), view());
    assert.equal(condemned?.condemned, null);
    await fail(1);
    assert.match(
      condemned?.condemned ?? '',
      /FernAgent 2\.0\.0 was stopped after 3 failures, the last: .*dry/,
    );
    const event = await site().next('rolledBack');
    assert.deepEqual([event.version, event.former], ['1.0.0', '2.0.0']);
    assert.match(event.reason ?? '', /dry/);
    assert.equal(site().version('FernAgent'), '1.0.0');
    const { health, refused } = site().info('fern.mjs');
    assert.deepEqual([health, refused?.version], ['behind', '2.0.0']);
  });

  it('rolls back one that throws from its third reading on, which no trial asks for', async () => {
    await site().write('fern.mjs', version('1.0.0'));
    await site().start();
    const decide = `(e) => {
      if (e.type === 'reading') readings += 1;
      if (readings > 2) throw new Error('dry');
      return { hold: readings, because: { code: 'c' } };
    }`;
    await site().write('fern.mjs', esm({ version: '"2.0.0"', decide }, 'let readings = 0;'));
    await site().next('updated');
    const host = site().registry.get('FernAgent');
    const holds: unknown[] = [];
    for (let n = 0; n < 5; n++) {
      const answer = Promise.resolve(host?.decide(reading(n), view()));
      holds.push(await answer.then((decision) => decision?.hold).catch(() => 'thrown'));
    }
    assert.deepEqual(holds, [1, 2, 'thrown', 'thrown', 'thrown']);
    assert.match((await site().next('rolledBack')).reason ?? '', /dry/);
    assert.equal(site().version('FernAgent'), '1.0.0');
  });

  it('does not take the same content again, also after a restart, until it changes', async () => {
    await site().write('fern.mjs', version('1.0.0'));
    await site().start();
    await site().write('fern.mjs', bad('2.0.0'));
    await site().next('updated');
    await fail(3);
    await site().next('rolledBack');
    await site().desk.attach(site().files);
    await site().desk.rescan();
    assert.equal(site().version('FernAgent'), '1.0.0');
    await site().restart();
    assert.equal(site().version('FernAgent'), '1.0.0');
    assert.match(site().info('fern.mjs').refused?.reason ?? '', /dry/);
    await site().write('fern.mjs', version('2.0.1'));
    await site().next('updated');
    assert.equal(site().version('FernAgent'), '2.0.1');
  });

  it('forgives failures after a day', async () => {
    await site().write('fern.mjs', bad('1.0.0'));
    await site().start();
    await fail(2);
    site().clock.pass(86_400_001);
    await fail(2);
    assert.equal(site().registry.get('FernAgent')?.condemned, null);
  });

  it('leaves nothing running where there is no earlier version', async () => {
    await site().write('fern.mjs', bad('1.0.0'));
    await site().start();
    await fail(3);
    const event = await site().next('rolledBack');
    assert.deepEqual([event.version, event.former], [null, '1.0.0']);
    assert.deepEqual(site().registry.names(), []);
    assert.equal(site().info('fern.mjs').health, 'failed');
  });

  it('counts overruns as well, and no state that it cannot take over', async () => {
    const decide = '(e) => { while (e.payload === 3); return { because: { code: "c" } }; }';
    await site().write('fern.mjs', esm({ decide, migrate: '() => { throw new Error("too old"); }' }));
    await site().start();
    for (let n = 0; n < 5; n++)
      await assert.rejects(async () => site().registry.get('FernAgent')?.migrate({}, '0.1.0'), /too old/);
    assert.equal(site().registry.get('FernAgent')?.condemned, null);
    await fail(3);
    assert.match((await site().next('rolledBack')).reason ?? '', /no answer within 250 ms/);
  });
});
