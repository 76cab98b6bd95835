import assert from 'node:assert/strict';
import { copyFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { accepted, curl } from '../support/curl.ts';
import { eventually } from '../support/eventually.ts';
import { useSubscribers } from '../support/mosquitto-clients.ts';
import { useRipe } from '../support/ripe.ts';
import { registerSensor, type TestSensor } from '../support/test-sensor.ts';
import { op, wasmAgent } from '../support/wasm-builder.ts';

const STARTERS = path.join(import.meta.dirname, '../../plugins/wasm-starter/built');

interface PluginBody {
  readonly plugin: string;
  readonly name: string | null;
  readonly version: string | null;
  readonly agents_behind: number;
  readonly refused: { readonly reason: string } | null;
}

/** Where a command's payload begins in what a module is asked. */
const PAYLOAD = JSON.stringify({
  fn: 'decide',
  event: { type: 'forced', at: 1_780_000_000_000, payload: 9 },
}).lastIndexOf('9');
/** On a command of 9: a call like any other until then, also in the check that RIPE makes. */
const onNine = (code: readonly number[]) => [
  ...[...op.param(0), ...op.byteAt(PAYLOAD), ...op.const('9'.charCodeAt(0)), ...op.equal],
  ...op.when(code),
];
const held = (value: number) => ({ hold: value, because: { code: 'did' } });
const named = (name: string) => ({ description: { name } });

const REFUSED = {
  'foreign.wasm': [
    wasmAgent({ imports: ['wasi_snapshot_preview1.fd_write'] }),
    /imports wasi_snapshot_preview1/,
  ],
  'endless.wasm': [wasmAgent({ ...named('Endless'), onDecide: op.forever }), /no answer within|250 ms/],
  'traps.wasm': [wasmAgent({ ...named('Traps'), onDecide: op.trap }), /unreachable/],
  'lost.wasm': [
    wasmAgent({ ...named('Lost'), onDecide: [...op.const(-8), ...op.return] }),
    /pointer outside its memory/,
  ],
  'shared.wasm': [wasmAgent({ memory: [1, 3, 1, 2] }), /shared/],
  'greedy.wasm': [wasmAgent({ memory: [1, 0, 0x80, 0x80, 0x03] }), /memory of 49152/],
  'text.wasm': [Buffer.from('(module)'), /no WebAssembly module/],
  'liar.wasm': [wasmAgent({ decision: { hold: 'on' } }), /because|hold/],
} as const;

describe('WebAssembly modules in the plugins folder', () => {
  const ripe = useRipe({ expectedErrors: /a: (ModuleAgent|Looper|Trapper) failed on|plugin|Plugin/ });
  const subscribe = useSubscribers();

  const plugins = async () => accepted<PluginBody[]>(await curl(ripe, 'GET', '/api/plugin'));
  const plugin = async (file: string) => (await plugins()).find((each) => each.plugin === file);

  /** As an editor saves: what is watched never sees half a file. */
  async function drop(file: string, bytes: Uint8Array): Promise<void> {
    const whole = path.join(ripe.pluginsDir, file);
    await writeFile(`${whole}.tmp`, bytes);
    await rename(`${whole}.tmp`, whole);
  }

  const untilRuns = (file: string, version: string) =>
    eventually(async () => assert.equal((await plugin(file))?.version, version), 20_000);

  async function sensorWith(agentName: string): Promise<TestSensor> {
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('a', agentName);
    return sensor;
  }

  it('decide once they are dropped, and are replaced in place while a sensor uses them', async () => {
    await drop('module.wasm', wasmAgent());
    await untilRuns('module.wasm', '1.0.0');
    const sensor = await sensorWith('ModuleAgent');
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.expect('07');
    await writeFile(
      path.join(ripe.pluginsDir, 'module.wasm'),
      wasmAgent({ version: '2.0.0', decision: held(9) }),
    );
    await untilRuns('module.wasm', '2.0.0');
    await sensor.postData({ moisture: 50 });
    await commands.expect('09');
  });

  it('are refused with the reason where they are broken, and harm nobody', async () => {
    for (const [file, [bytes]] of Object.entries(REFUSED)) await drop(file, bytes);
    await eventually(async () => {
      const all = await plugins();
      for (const [file, [, reason]] of Object.entries(REFUSED)) {
        const found = all.find((each) => each.plugin === file);
        assert.equal(found?.version, null, file);
        assert.match(found?.refused?.reason ?? '', reason, file);
      }
    }, 40_000);
    accepted(await curl(ripe, 'GET', '/api/health'));
  });

  for (const [name, what, code] of [
    ['Looper', 'loop for ever', op.forever],
    ['Trapper', 'trap', op.trap],
  ] as const) {
    it(`that begin to ${what} lose their place to the last good version`, async () => {
      const file = `${name}.wasm`;
      const description = { name };
      await drop(file, wasmAgent({ description }));
      await untilRuns(file, '1.0.0');
      const sensor = await sensorWith(name);
      const onDecide = onNine(code);
      await drop(file, wasmAgent({ description, version: '1.1.0', decision: held(5), onDecide }));
      await untilRuns(file, '1.1.0');
      const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
      await sensor.postData({ moisture: 50 });
      // The version before may have been the last to decide when we came.
      await commands.settle('05', '07');
      for (let n = 0; n < 3; n++)
        await sensor.agent('POST', `/${Buffer.from('a').toString('base64')}`, { body: { payload: 9 } });
      await commands.expect('00');
      await untilRuns(file, '1.0.0');
      await sensor.postData({ moisture: 51 });
      await commands.expect('07');
    });
  }

  it('that ask for all the memory there is get none, and answer', async () => {
    const greedy = [op.growMemory(60_000), op.drop, op.growTable(9_000_000), op.drop].flat();
    const bytes = wasmAgent({ ...named('Greedy'), onDecide: greedy, tables: [1, 0x70, 0, 1] });
    await drop('memory.wasm', bytes);
    await untilRuns('memory.wasm', '1.0.0');
    const sensor = await sensorWith('Greedy');
    await (await subscribe(sensor.broker, sensor.topic('cmd'))).settle('07');
  });

  for (const [file, name] of [
    ['water-in-c.wasm', 'WaterInC'],
    ['water-in-assemblyscript.wasm', 'WaterInAssemblyScript'],
  ] as const) {
    it(`water a bed: ${name}, as the starter builds it`, async () => {
      await copyFile(path.join(STARTERS, file), path.join(ripe.pluginsDir, file));
      await untilRuns(file, '1.0.0');
      const sensor = await sensorWith(name);
      const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
      await commands.expect('00');
      await sensor.postData({ moisture: 12.5 });
      await commands.expect('01');
      const { ui } = await sensor.agentStatus('a');
      assert.equal(ui.rendered, 'waters below 30 % · runs: 1');
      assert.ok('Executing' in Object(ui.state));
      await sensor.command('a', 0);
      await commands.expect('00');
    });
  }

  it('that cannot take an older state over leave that agent its old version', async () => {
    await drop('mover.wasm', wasmAgent(named('Mover')));
    await untilRuns('mover.wasm', '1.0.0');
    const sensor = await sensorWith('Mover');
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.expect('07');
    const description = { name: 'Mover', migrates: true };
    await drop(
      'mover.wasm',
      wasmAgent({ description, version: '2.0.0', decision: held(8), onMigrate: op.trap }),
    );
    await untilRuns('mover.wasm', '2.0.0');
    await eventually(async () => assert.equal((await plugin('mover.wasm'))?.agents_behind, 1));
    await sensor.postData({ moisture: 50 });
    await commands.silence();
    const newcomer = await sensorWith('Mover');
    await (await subscribe(newcomer.broker, newcomer.topic('cmd'))).settle('08');
  });
});
