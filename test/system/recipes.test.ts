import assert from 'node:assert/strict';
import vm from 'node:vm';
import { ensureDist } from '../support/dist.ts';
import { eventually } from '../support/eventually.ts';
import { publish, useSubscribers } from '../support/mosquitto-clients.ts';
import { NodeRedProcess } from '../support/node-red-process.ts';
import { onWire, readFlow, recipe } from '../support/recipes.ts';
import { registerSensor, type TestSensor } from '../support/test-sensor.ts';

const HOUR_MS = 3_600_000;

/** Where the sun has set an hour ago: on the equator the day ends at about 18 o'clock of local solar time. */
function longitudeOfEvening(): number {
  const hours = (19 - ((Date.now() / HOUR_MS) % 24)) % 24;
  return ((((hours * 15 + 180) % 360) + 360) % 360) - 180;
}

describe('the recipes, imported beside the bundled flow', () => {
  const subscribe = useSubscribers();
  let nodeRed: NodeRedProcess;
  let basil: TestSensor;

  const press = async (id: string, body: object = {}) => {
    const request = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
    const { status } = await fetch(`${nodeRed.url}/red/inject/${id}`, request);
    assert.equal(status, 200, id);
  };
  /** What a debug node has shown: an entry of the log, and the lines that go on with it. */
  const shown = (name: string) => {
    const entries = nodeRed.lines.join('\n').split(/\n(?=\d+ \w+ \d\d:\d\d:\d\d - )/);
    return entries.filter((entry) => entry.includes(`[debug:${name}]`));
  };
  const read = (sensor: TestSensor, reading: object) => publish(sensor.broker, sensor.topic('data'), reading);

  before('import and deploy', async () => {
    ensureDist();
    const place = [
      { name: 'LATITUDE', value: '0', type: 'num' },
      { name: 'LONGITUDE', value: String(longitudeOfEvening()), type: 'num' },
      { name: 'HOURS', value: '16', type: 'num' },
    ];
    const quick = { duration: '1', units: 's' };
    let flow = [
      ...readFlow('flows/ripe.json'),
      ...recipe('rain-check'),
      ...recipe('calibration'),
      ...recipe('message-when-dry'),
      ...recipe('two-beds-one-pump'),
      ...recipe('grow-light', { 'light.tab': { env: place }, 'light.clock': { once: false } }),
      ...recipe('silent-sensor', { 'silent.clock': quick }),
      ...recipe('sensor'),
      ...recipe('force'),
    ];
    flow = onWire(flow, 'rain.check', 'ripe.runtime', 1, 'ripe.runner');
    flow = onWire(flow, 'calibrate.probe', 'ripe.pool', 0, 'ripe.runtime');
    nodeRed = await NodeRedProcess.start({ flow });
    basil = await registerSensor(nodeRed, 'Basil');
    assert.equal(basil.id, 1, 'the one that the calibration is for');
    await basil.addAgent('01_Water', 'ThresholdAgent');
  });
  after('stop, and look for errors', async () => {
    await nodeRed?.stop();
    const errors = nodeRed.logged('error').filter((line) => !line.includes('did not do it'));
    assert.deepEqual(errors, []);
  });

  it('calibration: raw 475 of the probe is 50 %', async () => {
    await read(basil, { moisture: 475 });
    await eventually(async () => assert.equal((await basil.status()).data.moisture, 50));
  });

  it('rain check: no watering while it rains, and then again', async () => {
    const commands = await subscribe(basil.broker, basil.topic('cmd'));
    await commands.settle('00');
    await press('rain.wet');
    await read(basil, { moisture: 330 });
    await commands.silence();
    await press('force.run');
    await eventually(
      () => assert.ok(shown('why not').some((entry) => entry.includes('dropped on the wire'))),
      15_000,
    );
    await press('rain.dry');
    await press('force.run');
    await commands.expect('01');
    await press('force.stop');
    await commands.expect('00');
  });

  it('force: runs the pump of Basil, and says what became of it', async () => {
    await press('force.run');
    await eventually(() =>
      assert.ok(shown('what became of it').some((line) => line.includes('force/started'))),
    );
    await press('force.stop');
    await eventually(() =>
      assert.ok(shown('what became of it').some((line) => line.includes('force/stopped'))),
    );
  });

  it('message me when a plant is dry: once', async () => {
    const dry = () => shown('messenger').filter((line) => line.includes('Basil is dry: 6'));
    await read(basil, { moisture: 330 });
    await read(basil, { moisture: 330 });
    await eventually(() => assert.equal(dry().length, 1));
  });

  it('a sensor that went silent: a message, and one when it is back', async () => {
    await eventually(() =>
      assert.ok(shown('messenger').some((line) => line.includes('Basil has gone silent'))),
    );
    await read(basil, { moisture: 500 });
    await eventually(() => assert.ok(shown('messenger').some((line) => line.includes('Basil is back'))));
  });

  it('two beds on one pump: the second waits for the first', async () => {
    const plan = (seconds: number) => ({
      steps: [{ set: 1 }, { wait: seconds * 1000 }, { set: 0 }],
      supply: 'pump',
    });
    const water = (bed: number) =>
      press(`pump.bed${bed}`, {
        __user_inject_props__: [
          { p: 'payload', v: JSON.stringify({ owner: `bed ${bed}`, plan: plan(6) }), vt: 'json' },
          { p: 'topic', v: 'job/start', vt: 'str' },
        ],
      });
    await water(1);
    await eventually(() => assert.equal(shown('valve of bed 1').length, 1));
    await water(2);
    await eventually(() =>
      assert.ok(shown('who waits, who runs').some((line) => line.includes('job/queued'))),
    );
    await eventually(() => assert.ok(shown('valve of bed 2').some((entry) => entry.endsWith('1'))), 15_000);
    const valves = ['valve of bed 1', 'valve of bed 2'].map((valve) =>
      shown(valve).map((entry) => entry.at(-1)),
    );
    assert.deepEqual([valves[0]?.at(-1), valves[1]?.includes('1')], ['0', true]);
    const isOff = nodeRed.lines.findIndex((line) => line.endsWith('[debug:valve of bed 1] 0'));
    const isOn = nodeRed.lines.findIndex((line) => line.endsWith('[debug:valve of bed 2] 1'));
    assert.ok(isOff < isOn, 'never both at once');
  });

  it('grow light: on after sunset, until there were enough hours of light', async () => {
    const tent = await registerSensor(nodeRed, 'Grow tent');
    await tent.addAgent('03_Light', 'TimeAgent');
    const commands = await subscribe(tent.broker, tent.topic('cmd'));
    await commands.settle('00');
    await press('light.clock');
    await commands.expect('01');
    const { ui } = await tent.agentStatus('03_Light');
    const { Forced } = ui.state as { Forced: string };
    const hours = (Date.parse(Forced) - Date.now()) / HOUR_MS;
    assert.ok(hours > 2.3 && hours < 3.7, `${hours} h`);
  });

  it('grow light: knows when the sun rises and sets', () => {
    const node = recipe('grow-light').find(({ id }) => id === 'light.sun') as unknown as { func: string };
    const settings: Record<string, number> = { LATITUDE: 52.52, LONGITUDE: 13.405, HOURS: 16 };
    const at = (time: string) => {
      const context = { get: () => undefined, set: () => undefined };
      const scope = {
        msg: { now: Date.parse(time) },
        node: { status: () => undefined },
        env: { get: (name: string) => settings[name] },
        context,
      };
      return vm.runInNewContext(`(() => {${node.func}\n})()`, scope) as { rise: number; set: number } | null;
    };
    // Berlin: the almanac has sunset at 14:54 and sunrise at 7:15 UTC on the shortest day.
    const winter = at('2026-12-21T16:00:00Z');
    assert.ok(Math.abs(Number(winter?.set) - Date.parse('2026-12-21T14:54:00Z')) < 300_000);
    assert.ok(Math.abs(Number(winter?.rise) - Date.parse('2026-12-21T07:15:00Z')) < 300_000);
    assert.equal(at('2026-12-21T14:00:00Z'), null, 'the sun shines');
    settings['HOURS'] = 10;
    assert.equal(at('2026-06-21T21:00:00Z'), null, 'the day was long enough');
  });
});
