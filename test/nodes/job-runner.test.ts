import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Message, useNodeRed } from '../support/node-red-site.ts';
import { type FlowNode, gardenNode, inGarden, probe, tab, wired } from '../support/ripe-flow.ts';
import { quietly, until } from '../support/until.ts';

const LONG = { steps: [{ set: 1 }, { wait: 60_000 }, { set: 0 }] };
const SHORT = { steps: [{ set: 2 }, { wait: 50 }, { set: 0 }] };

describe('ripe-job-runner', () => {
  const site = useNodeRed();

  const start = (payload: object) => site.receive('runner', { topic: 'job/start', payload });
  const steps = () => site.messages('steps').map(({ payload }) => payload as Record<string, unknown>);
  const events = () => site.messages('events').map(({ topic }) => topic);

  describe('alone', () => {
    const flow = (): FlowNode[] => [
      tab(),
      wired('runner', 'ripe-job-runner', {}, ['steps'], ['events']),
      probe('steps'),
      probe('events'),
    ];

    it('runs a job by owner and plan only, and keeps it in a file of its own', async () => {
      await site.load(flow());
      const before = Date.now();
      start({ owner: 'fountain', plan: SHORT });
      await site.message('events', 'job/finished');
      const [on, off] = steps() as [Record<string, unknown>, Record<string, unknown>];
      assert.equal(steps().length, 2);
      const { job, startedAt, endsAt, until, ...rest } = on;
      assert.match(job as string, /^[0-9a-f-]{36}$/);
      assert.ok((startedAt as number) >= before - 1);
      assert.equal(endsAt, (startedAt as number) + 50);
      assert.equal(until, endsAt);
      assert.deepEqual(rest, { owner: 'fountain', index: 0, value: 2, end: null });
      assert.deepEqual(
        [off['value'], off['index'], off['end'], off['job']],
        [0, 2, { outcome: 'finished' }, job],
      );
      assert.deepEqual(events(), ['job/started', 'job/finished']);
      assert.ok(existsSync(path.join(site.folder, 'ripe-jobs-runner.db')));
    });

    it('tells on output 2 what becomes of a job, as documented', async () => {
      await site.load(flow());
      start({ id: 'a', owner: 'fountain', plan: LONG });
      const { payload } = await site.message('events', 'job/started');
      const { at, startedAt, endsAt, ...rest } = payload as Record<string, number>;
      assert.deepEqual(rest, { job: 'a', owner: 'fountain', event: 'started' });
      assert.equal(Number(endsAt) - Number(startedAt), 60_000);
      assert.ok(Math.abs(Number(at) - Number(startedAt)) < 1_000);
    });

    it('ends a job that comes late when it was to end', async () => {
      await site.load(flow());
      const startsAt = Date.now() - 59_000;
      start({ owner: 'fountain', plan: LONG, startsAt });
      const { payload } = await site.message('events', 'job/finished');
      assert.deepEqual(
        ['startedAt', 'endsAt'].map((member) => (payload as Record<string, number>)[member]),
        [startsAt, startsAt + 60_000],
      );
    });

    it('starts a job once, however often it is asked', async () => {
      await site.load(flow());
      for (const _ of [1, 2]) start({ id: 'a', owner: 'fountain', plan: LONG });
      await site.message('events', 'job/started');
      start({ id: 'a', owner: 'fountain', plan: LONG });
      await until(() => events().length === 2);
      assert.deepEqual(events(), ['job/started', 'job/started']);
      assert.equal(steps().length, 1);
    });

    it('replaces the job of an owner by the next one', async () => {
      await site.load(flow());
      start({ id: 'a', owner: 'fountain', plan: LONG });
      start({ id: 'b', owner: 'fountain', plan: LONG });
      const { payload } = await site.message('events', 'job/cancelled');
      const { job, reason } = payload as Record<string, unknown>;
      assert.deepEqual([job, reason], ['a', 'replaced']);
      await until(() => steps().some((step) => step['job'] === 'b'));
    });

    it('ends a cancelled job with its neutral value, and tells why', async () => {
      await site.load(flow());
      start({ id: 'a', owner: 'heater', neutral: 5, plan: { steps: [{ set: 20 }, { wait: 60_000 }] } });
      await until(() => steps().length === 1);
      site.receive('runner', { topic: 'job/cancel', payload: { job: 'a', reason: 'rain' } });
      await site.message('events', 'job/cancelled');
      assert.deepEqual(
        [steps()[1]?.['value'], steps()[1]?.['end']],
        [5, { outcome: 'cancelled', reason: 'rain' }],
      );
    });

    it('counts the running jobs in its badge', async () => {
      await site.load(flow());
      await site.badge('runner', 'ripe-job-runner.status.idle');
      start({ owner: 'a', plan: LONG });
      start({ owner: 'b', plan: SHORT });
      await site.badge('runner', 'ripe-job-runner.status.running {"jobs":2}');
      await site.badge('runner', 'ripe-job-runner.status.running {"jobs":1}');
    });

    it('ends a job by the rule close after a restart, also where many nodes stand before the receiver', async () => {
      await site.load(flow());
      start({ id: 'a', owner: 'fountain', plan: { ...LONG, rule: 'close' } });
      await until(() => steps().length === 1);
      await site.unload();
      for (const id of ['steps', 'events']) site.messages(id).length = 0;
      const crowd = Array.from({ length: 60 }, (_, index) => wired(`other${index}`, 'probe'));
      const [first, runner, ...probes] = flow() as [FlowNode, FlowNode, ...FlowNode[]];
      await site.load([first, runner, ...crowd, ...probes]);
      await site.message('steps', 'job/step');
      const { payload } = await site.message('events', 'job/cancelled');
      const { value, end } = steps()[0] ?? {};
      assert.deepEqual([value, end], [0, { outcome: 'cancelled', reason: 'restart' }]);
      assert.deepEqual((payload as { reason: string }).reason, 'restart');
      await site.unload();
      for (const id of ['steps', 'events']) site.messages(id).length = 0;
      await site.load(flow());
      await quietly();
      assert.deepEqual(steps(), [], 'the job is closed');
    });

    const plain = (properties: object = {}): FlowNode[] => {
      const [first, runner, ...probes] = flow() as [FlowNode, FlowNode, ...FlowNode[]];
      return [first, { ...runner, duration: '60', sends: 'payload', ...properties }, ...probes];
    };
    const sent = () => site.messages('steps').map(({ topic, payload }) => [topic, payload]);

    it('takes any message, one run for each topic, and ends it by off or reset', async () => {
      await site.load(plain({ on: '"open"', onType: 'json', off: 'shut', offType: 'str' }));
      site.receive('runner', { topic: 'bed 1', payload: Date.now() });
      site.receive('runner', { payload: 'go' });
      await until(() => sent().length === 2);
      site.receive('runner', { topic: 'bed 1', payload: false });
      site.receive('runner', { reset: true });
      await until(() => sent().length === 4);
      assert.deepEqual(sent(), [
        ['bed 1', 'open'],
        ['timer', 'open'],
        ['bed 1', 'shut'],
        ['timer', 'shut'],
      ]);
      const step = (site.messages('steps')[0] as unknown as { job: { endsAt: number; startedAt: number } })
        .job;
      assert.equal(step.endsAt - step.startedAt, 60_000);
    });

    it('lets a message say how long, and refuses nonsense', async () => {
      await site.load(plain());
      site.receive('runner', { topic: 'a', delay: 30 });
      await until(() => sent().length === 2);
      assert.deepEqual(sent(), [
        ['a', 1],
        ['a', 0],
      ]);
      site.receive('runner', { topic: 'a', delay: -1 });
      assert.ok(await site.error('runner', 'delay: must be'));
      site.receive('runner', { topic: 'job/strat' });
      assert.ok(await site.error('runner', 'topic: must be job/start'));
    });

    it('sends a plan of several values as they are, and ends a job by its owner', async () => {
      await site.load(plain());
      start({ owner: 'dimmer', plan: { steps: [{ set: 40 }, { wait: 60_000 }] } });
      await until(() => sent().length === 1);
      site.receive('runner', { topic: 'job/cancel', payload: { owner: 'dimmer' } });
      await until(() => sent().length === 2);
      assert.deepEqual(sent(), [
        ['dimmer', 40],
        ['dimmer', 0],
      ]);
    });

    it('has supplies of its own dialog', async () => {
      await site.load(plain({ supplies: 'tank=2' }));
      for (const owner of ['a', 'b', 'c']) start({ owner, plan: { ...LONG, supply: 'tank' } });
      await site.message('events', 'job/queued');
      assert.deepEqual(sent().slice(0, 2), [
        ['a', 1],
        ['b', 1],
      ]);
    });

    for (const [field, value] of [
      ['duration', '0'],
      ['supplies', 'pump=x'],
      ['rule', 'never'],
      ['on', 'one'],
    ] as const) {
      it(`names the field ${field} that ${value} does not fit in`, async () => {
        await site.load(plain({ [field]: value }));
        assert.ok(await site.error('runner', `${field}: must`));
      });
    }

    const bad: [string, Message, string][] = [
      ['no payload', { topic: 'job/start' }, 'payload: must be an object'],
      ['no owner', { topic: 'job/start', payload: { plan: SHORT } }, 'owner: must be a text'],
      ['an empty id', { topic: 'job/start', payload: { id: '', owner: 'a', plan: SHORT } }, 'id: must be'],
      ['no plan', { topic: 'job/start', payload: { owner: 'a' } }, 'plan'],
      ['no steps', { topic: 'job/start', payload: { owner: 'a', plan: { steps: [] } } }, 'steps'],
      [
        'a step that waits for ever',
        { topic: 'job/start', payload: { owner: 'a', plan: { steps: [{ set: 1 }, { wait: -1 }] } } },
        'steps',
      ],
      [
        'a neutral value of a half',
        { topic: 'job/start', payload: { owner: 'a', plan: SHORT, neutral: 0.5 } },
        'neutral: must be a whole number',
      ],
      ['a cancel without a job', { topic: 'job/cancel', payload: {} }, 'job: must be a text'],
      ['another topic', { topic: 'start', payload: {} }, 'topic: must be job/start, job/cancel'],
    ];
    it('names the bad field of a request, and runs nothing', async () => {
      await site.load(flow());
      for (const [, message] of bad) site.receive('runner', message);
      for (const [what, , error] of bad) assert.ok(await site.error('runner', error), what);
      await quietly();
      assert.deepEqual(steps(), []);
    });
  });

  describe('in a garden', () => {
    const flow = (): FlowNode[] => [
      tab(),
      gardenNode(),
      inGarden('runner', 'ripe-job-runner', {}, ['steps'], ['events']),
      probe('steps'),
      probe('events'),
    ];

    it('keeps its jobs with the garden', async () => {
      await site.load(flow());
      start({ id: 'a', owner: '7/01_Water', plan: LONG });
      await until(() => steps().length === 1);
      const [job] = await site.garden.store.openJobs();
      assert.deepEqual([job?.id, job?.status], ['a', 'running']);
      assert.equal(existsSync(path.join(site.folder, 'ripe-jobs-runner.db')), false);
    });

    it('closes a job only when its last step has been delivered, and repeats that step until then', async () => {
      await site.load(flow());
      start({ id: 'a', owner: '7/01_Water', sensor: 7, domain: '01_Water', plan: SHORT });
      await until(() => steps().length === 2);
      const [, last] = steps();
      await until(() => steps().length === 3, 7_000);
      assert.deepEqual(steps()[2], last);
      assert.deepEqual(events(), ['job/started']);
      assert.equal((await site.garden.store.openJobs())[0]?.status, 'ending');
      site.receive('runner', { topic: 'job/delivered', payload: { job: 'a' } });
      await site.message('events', 'job/finished');
      assert.deepEqual(await site.garden.store.openJobs(), []);
    });
  });
});
