import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { Refusal } from '../../../dashboard/ui/data/garden-client.ts';
import type { GardenStore } from '../../../dashboard/ui/data/garden-store.ts';
import type { Control, Decision } from '../../../dashboard/ui/data/shapes.ts';
import { newestCommand, outcomeOf, useForce } from '../../../dashboard/ui/sensor/outcome.ts';
import { clockOf, dayTimeOf, isSame, stepOf } from '../../../dashboard/ui/sensor/setting-value.ts';
import { useWhatIf } from '../../../dashboard/ui/sensor/use-what-if.ts';
import { Soonest } from '../../../dashboard/ui/shared/use-fresh.ts';
import { FakeGardenClient } from '../../support/fake-garden-client.ts';

const AT = { sensor: 7, domain: '01_Water' };
const AT_TEXT = '2026-06-01T12:00:00.000Z';
const PLACE = '/api/agent/7/MDFfV2F0ZXI%3D';

describe('An order by hand', () => {
  function bench() {
    const client = new FakeGardenClient();
    const refreshed: number[] = [];
    const store = { refresh: async (id: number) => refreshed.push(id) } as unknown as GardenStore;
    return { client, refreshed, ...useForce(client.asClient, store, AT) };
  }

  it('is told by what RIPE has decided, of this agent and by hand', async () => {
    const { client, refreshed, force, outcome, isAsking } = bench();
    client.answer = ({ path }) =>
      path.includes('/decision')
        ? [
            { domain: '02_Light', event: 'forced', text: 'another' },
            { domain: '01_Water', event: 'reading', text: 'a reading' },
            {
              domain: '01_Water',
              event: 'forced',
              text: 'Switched on by hand.',
              at: AT_TEXT,
              job: 'j',
              value: 0,
            },
          ]
        : null;
    const going = force(300);
    assert.equal(isAsking.value, true);
    await going;
    assert.deepEqual(client.calls[0], { method: 'POST', path: PLACE, body: { payload: 300 } });
    assert.deepEqual(outcome.value, {
      text: 'Switched on by hand.',
      kind: 'taken',
      since: Date.parse(AT_TEXT),
    });
    assert.deepEqual([refreshed, isAsking.value], [[7], false]);
  });

  it('is no wish: what is refused is told as that', async () => {
    const { client, refreshed, force, outcome, isAsking } = bench();
    client.answer = () => {
      throw new Error('The daily budget is used up');
    };
    await force(300);
    assert.equal(outcome.value?.text, 'The daily budget is used up');
    assert.equal(outcome.value?.kind, 'refused');
    assert.deepEqual([refreshed, isAsking.value], [[], false]);
  });

  it('is not called refused where nobody has answered: it may be done all the same', async () => {
    const { client, force, outcome } = bench();
    client.answer = () => {
      throw new Refusal(504, 'RIPE has not answered.');
    };
    await force(300);
    assert.equal(outcome.value?.kind, 'unanswered');
  });

  it('is not called refused where only its reason cannot be had', async () => {
    const { client, force, outcome } = bench();
    client.answer = ({ method }) => {
      if (method === 'GET') throw new Refusal(503, 'The store is away');
      return null;
    };
    await force(300);
    assert.deepEqual([outcome.value?.text, outcome.value?.kind], ['', 'taken']);
  });

  it('is called refused where the agent has taken it and does nothing', () => {
    const decision = (parts: Partial<Decision>) => ({ at: AT_TEXT, text: '', job: null, value: 0, ...parts });
    const kind = (payload: number, parts: Partial<Decision>) =>
      outcomeOf(payload, decision(parts) as Decision).kind;
    assert.equal(kind(300, {}), 'refused');
    assert.equal(kind(300, { job: 'j' }), 'taken');
    assert.equal(kind(300, { value: 1 }), 'taken');
    assert.equal(kind(0, {}), 'taken');
  });

  describe('to stop', () => {
    /** An agent that is on until `ends` says otherwise, after so many commands. */
    function running(commands: number, phase: 'Executing' | 'Forced') {
      const { client } = bench();
      const until = new Date(Date.now() + 90_000).toISOString();
      const payloads: number[] = [];
      const agent = () => ({
        domain: AT.domain,
        ui: { state: payloads.length < commands ? { [phase]: until } : 'Ready' },
      });
      const sensors = new Map([[7, { agents: [agent()] }]]);
      const store = {
        sensors,
        refresh: async () => sensors.set(7, { agents: [agent()] }),
      } as unknown as GardenStore;
      client.answer = ({ method, body }) => {
        if (method === 'POST') payloads.push((body as { payload: number }).payload);
        const at = AT_TEXT;
        return [{ domain: AT.domain, event: 'forced', text: `${payloads.length}`, at, job: null, value: 0 }];
      };
      return { payloads, ...useForce(client.asClient, store, AT) };
    }

    it('holds for as long as the run would have gone on: with 0 s a clock has it on again', async () => {
      const { payloads, outcome, stop } = running(1, 'Executing');
      await stop();
      assert.deepEqual(payloads, [-90]);
      assert.deepEqual([outcome.value?.text, outcome.value?.kind], ['1', 'taken']);
    });

    it('is given again where the clock goes on with what a person had switched on', async () => {
      const { payloads, outcome, stop } = running(2, 'Forced');
      await stop();
      assert.deepEqual(payloads, [-90, -90]);
      assert.equal(outcome.value?.kind, 'taken');
    });

    it('is not called taken while it still runs', async () => {
      const { payloads, outcome, stop } = running(9, 'Executing');
      await stop();
      assert.equal(payloads.length, 2);
      assert.equal(outcome.value?.kind, 'refused');
    });
  });

  it('to run is given again to a clock that was held off by hand, where that has nothing on', async () => {
    const { client } = bench();
    const state = { Stopped: new Date(Date.now() + 90_000).toISOString() };
    const sensors = new Map([[7, { agents: [{ domain: AT.domain, ui: { state } }] }]]);
    const store = { sensors, refresh: async () => sensors } as unknown as GardenStore;
    let given = 0;
    client.answer = ({ method }) => {
      if (method === 'POST') given += 1;
      return [
        { domain: AT.domain, event: 'forced', text: '', at: AT_TEXT, job: given > 1 ? 'j' : null, value: 0 },
      ];
    };
    const { outcome, run } = useForce(client.asClient, store, AT);
    await run(300);
    assert.deepEqual([given, outcome.value?.kind], [2, 'taken']);
  });

  it('is not told what has become of a command of before', async () => {
    const { client } = bench();
    const newest = { id: '1-2', created_at: AT_TEXT, state: 'observed' };
    client.answer = () => [newest];
    const at = Date.parse(AT_TEXT);
    assert.deepEqual(await newestCommand(client.asClient, 7, at), newest);
    assert.equal(await newestCommand(client.asClient, 7, at + 1), null);
    client.answer = () => [];
    assert.equal(await newestCommand(client.asClient, 7, 0), null);
  });
});

describe('A setting', () => {
  it('of a time of day goes to a field and back', () => {
    assert.equal(clockOf({ ms: 23_400_000, zone: 'UTC' }), '06:30');
    assert.deepEqual(dayTimeOf('06:30', 'Europe/Berlin'), { ms: 23_400_000, zone: 'Europe/Berlin' });
    assert.deepEqual(dayTimeOf('00:00:30', 'UTC'), { ms: 0, zone: 'UTC' });
    assert.equal(dayTimeOf('', 'UTC'), null);
  });

  it('moves by whole steps', () => {
    const control = (parts: Partial<Control>): Control => ({
      kind: 'timeSlider',
      key: '',
      label: '',
      ...parts,
    });
    assert.equal(stepOf(control({ lower: 0, upper: 3_600_000, steps: 60 })), 60_000);
    assert.equal(stepOf(control({ lower: 0, upper: 10_000 })), 100);
    assert.equal(stepOf(control({ lower: 0, upper: 10, steps: 100 })), 1);
    assert.equal(stepOf(control({ kind: 'intSlider', lower: 0, upper: 1_000 })), 1);
  });

  it('is the same by what it says', () => {
    assert.ok(isSame({ ms: 1, zone: 'UTC' }, { ms: 1, zone: 'UTC' }));
    assert.ok(!isSame(0, false));
  });
});

describe('A try with other settings or another version', () => {
  const control = (key: string) => ({ kind: 'intSlider', key, label: 'Limit' });
  const VERSIONS = [
    {
      version: '1.1.0',
      settings: { limit: 20, pause: 5 },
      controls: { pause: control('2'), limit: control('1') },
    },
    { version: '1.0.0', settings: { limit: 20 }, controls: { limit: control('1') } },
  ];

  async function bench() {
    const client = new FakeGardenClient();
    client.answer = ({ method }) =>
      method === 'GET' ? VERSIONS : { did: { spans: [] }, would: { spans: [] } };
    const tried = useWhatIf(client.asClient, AT);
    await pause(0);
    return { client, tried };
  }
  const bodyOf = (client: FakeGardenClient) => client.calls.at(-1)?.body;

  it('begins with the version that decides, and its settings in their order', async () => {
    const { tried } = await bench();
    assert.equal(tried.version.value, '1.1.0');
    assert.deepEqual(
      tried.controls.value.map(([name]) => name),
      ['limit', 'pause'],
    );
    assert.equal(tried.shownOf('limit'), 20);
  });

  it('asks with what is changed only; what is changed back is not', async () => {
    const { client, tried } = await bench();
    tried.change('limit', 25);
    tried.change('pause', 9);
    tried.change('pause', 5);
    await tried.ask();
    assert.deepEqual(bodyOf(client), { version: '1.1.0', settings: { limit: 25 }, days: 14 });
    assert.equal(tried.asked.value.version, null);
    assert.deepEqual(
      tried.asked.value.settings.map(({ value }) => value),
      [25],
    );
  });

  it('knows agents of wires, which cannot be replayed', async () => {
    const client = new FakeGardenClient();
    client.answer = () => {
      throw new Refusal(400, 'agent: WetAgent is made of wires', 'RIPE_WHAT_IF_TYPE');
    };
    const tried = useWhatIf(client.asClient, AT);
    await pause(0);
    assert.equal(tried.isOfWires.value, true);
  });

  it('leaves out what another version does not know, and names that version', async () => {
    const { client, tried } = await bench();
    tried.change('pause', 9);
    tried.change('limit', 25);
    tried.version.value = '1.0.0';
    await tried.ask();
    assert.deepEqual(bodyOf(client), { version: '1.0.0', settings: { limit: 25 }, days: 14 });
    assert.equal(tried.asked.value.version, '1.0.0');
  });

  it('goes back to what is set', async () => {
    const { tried } = await bench();
    tried.change('limit', 25);
    tried.version.value = '1.0.0';
    await tried.ask();
    tried.reset();
    assert.deepEqual([tried.version.value, tried.shownOf('limit'), tried.answer.value], ['1.1.0', 20, null]);
  });

  it('says why there is no answer, and draws no earlier one', async () => {
    const { client, tried } = await bench();
    await tried.ask();
    client.answer = () => {
      throw new Error('days: the replay took longer than 20 s');
    };
    await tried.ask();
    assert.deepEqual(
      [tried.answer.value, tried.failure.value, tried.isAsking.value],
      [null, 'days: the replay took longer than 20 s', false],
    );
  });
});

describe('What is due at several times', () => {
  it('is done once, at the earliest', async () => {
    let done = 0;
    const soonest = new Soonest(() => {
      done += 1;
    });
    soonest.within(10_000);
    soonest.within(20);
    soonest.within(5_000);
    await pause(60);
    assert.equal(done, 1);
    soonest.within(10);
    await pause(40);
    assert.equal(done, 2);
    soonest.within(10);
    soonest.stop();
    await pause(40);
    assert.equal(done, 2);
  });
});
