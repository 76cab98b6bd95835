import assert from 'node:assert/strict';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BrokersFile } from '../../../../src/adapters/mqtt/address/brokers-file.ts';
import { until } from '../embedded-broker/embedded-broker-support.test.ts';

describe('BrokersFile', () => {
  let folder: string;
  let file: BrokersFile;
  let changes: number;
  let errors: string[];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'ripe-brokers-'));
    changes = 0;
    errors = [];
    file = new BrokersFile({
      path: path.join(folder, 'brokers.json'),
      lookEveryMs: 20,
      onChanged: () => {
        changes += 1;
      },
      onInvalid: (error) => errors.push((error as Error).message),
    });
  });
  afterEach(async () => {
    file.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const write = (text: string) => writeFile(path.join(folder, 'brokers.json'), text);
  const names = () => file.brokers?.map(({ name }) => name) ?? null;

  it('says what the file says, and follows it as it is written, replaced and deleted', async () => {
    file.load();
    file.watch();
    assert.equal(names(), null);
    await write('[{"internal":"mqtt://one"}]');
    await until(() => names()?.[0] === 'one:1883');
    await writeFile(path.join(folder, 'new'), '[{"internal":"mqtt://two"},{"internal":"mqtt://three"}]');
    await rename(path.join(folder, 'new'), path.join(folder, 'brokers.json'));
    await until(() => names()?.length === 2);
    await rm(path.join(folder, 'brokers.json'));
    await until(() => names() === null);
    assert.deepEqual([changes, errors], [3, []]);
  });

  it('keeps the former list where the file is no list, and says so without its passwords', async () => {
    await write('[{"internal":"mqtt://one"}]');
    file.load();
    file.watch();
    await write('[{"internal":"mqtt://u:secret@one"');
    await until(() => errors.length > 0);
    assert.deepEqual([names(), changes], [['one:1883'], 0]);
    assert.match(errors.join(), /brokers\.json is not valid JSON/);
    assert.doesNotMatch(errors.join(), /secret/);
  });
});
