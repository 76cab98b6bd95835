import fc from 'fast-check';
import type { GardenStory } from './garden-story.ts';

/** One thing that happens to a garden. */
export interface Scene {
  readonly name: string;
  play(story: GardenStory): Promise<void>;
}

export const SENSORS = 3;
export const DOMAINS = ['01_Water', '02_Light', '10_Fan', 'ä_Test'] as const;
export const TYPES = ['ThresholdAgent', 'TimeAgent', 'PercentAgent', 'TestAgent'] as const;

export type AgentName = (typeof TYPES)[number];

/** Seconds for pumps and lights, a thousandth for sliders; some make no sense. */
export const FORCES = [
  0,
  -1,
  -600,
  1,
  5,
  6,
  30,
  500,
  7_200,
  1_010,
  Number.MAX_SAFE_INTEGER,
  -(2 ** 63),
] as const;

const sensor = fc.integer({ min: 1, max: SENSORS });
const domain = fc.constantFrom(...DOMAINS);
const agentName = fc.constantFrom(...TYPES);

const scene = (name: string, play: Scene['play']): Scene =>
  ({
    name,
    play,
    [fc.toStringMethod]: () => name,
  }) as Scene;

const reading = fc
  .tuple(sensor, fc.option(fc.integer({ min: -5, max: 60 }), { nil: null }))
  .map(([id, moisture]) => scene(`sensor ${id} reads ${moisture}`, (story) => story.read(id, moisture)));

const force = fc
  .tuple(sensor, domain, fc.constantFrom(...FORCES))
  .map(([id, at, payload]) => scene(`force ${id} ${at} ${payload}`, (story) => story.force(id, at, payload)));

const order = fc
  .tuple(sensor, domain, fc.constantFrom(6_000, 45_000, 600_000), fc.constantFrom(1, 7))
  .map(([id, at, ms, value]) =>
    scene(`order ${id} ${at} ${value} for ${ms}`, (story) => story.order(id, at, { duration_ms: ms, value })),
  );

const cancel = fc
  .tuple(sensor, domain)
  .map(([id, at]) => scene(`cancel ${id} ${at}`, (story) => story.cancel(id, at)));

const newKey = sensor.map((id) => scene(`a new key for ${id}`, (story) => story.changeKey(id)));

const settings = fc
  .tuple(
    sensor,
    domain,
    fc.boolean(),
    fc.array(fc.constantFrom(0, 0.01, 0.1, 0.5, 1), { minLength: 3, maxLength: 3 }),
  )
  .map(([id, at, active, parts]) =>
    scene(`set ${id} ${at} ${active} ${parts}`, (story) => story.configure(id, at, active, parts)),
  );

const supply = fc
  .tuple(sensor, domain, fc.constantFrom('', 'pump', 'tank'))
  .map(([id, at, name]) => scene(`supply ${id} ${at} '${name}'`, (story) => story.connectTo(id, at, name)));

const limit = fc
  .tuple(
    sensor,
    domain,
    fc.constantFrom('dailyBudgetMs', 'longestRunMs'),
    fc.constantFrom(null, 1, 30_000, 90_000, 400_000),
  )
  .map(([id, at, name, ms]) =>
    scene(`${name} ${id} ${at} ${ms}`, (story) => story.tighten(id, at, { [name]: ms })),
  );

const hose = fc
  .tuple(fc.constantFrom('hose', 'tap'), fc.constantFrom('pump', 'tank'), fc.integer({ min: 1, max: 90_000 }))
  .map(([owner, name, ms]) =>
    scene(`${owner} on ${name} for ${ms}`, (story) => story.water(owner, name, ms)),
  );

const add = fc
  .tuple(sensor, domain, agentName)
  .map(([id, at, name]) => scene(`add ${id} ${at} ${name}`, (story) => story.add(id, at, name)));

const remove = fc
  .tuple(sensor, domain)
  .map(([id, at]) => scene(`remove ${id} ${at}`, (story) => story.remove(id, at)));

const load = fc
  .tuple(agentName, fc.boolean())
  .map(([name, isLoaded]) =>
    scene(`${name} is ${isLoaded ? 'back' : 'gone'}`, (story) => story.load(name, isLoaded)),
  );

const pass = fc
  .oneof(
    fc.constantFrom(1, 4_999, 5_000, 5_001, 30_000, 60_000),
    fc.integer({ min: 1, max: 20_000 }),
    fc.integer({ min: 1, max: 1_200_000 }),
  )
  .map((ms) => scene(`pass ${ms}`, (story) => story.pass(ms)));

const connect = fc
  .boolean()
  .map((isOn) => scene(isOn ? 'connect' : 'disconnect', (story) => story.connect(isOn)));

const loss = fc
  .tuple(fc.constantFrom('refused' as const, 'unreported' as const), fc.integer({ min: 1, max: 3 }))
  .map(([fate, count]) => scene(`${fate} ${count}`, (story) => story.lose(fate, count)));

const delay = fc.constantFrom(0, 200, 7_000).map((ms) => scene(`delay ${ms}`, (story) => story.delay(ms)));

const storeTrouble = fc
  .boolean()
  .map((isOn) => scene(isOn ? 'store fails' : 'store works', (story) => story.failStore(isOn)));

const hang = fc
  .boolean()
  .map((isOn) =>
    scene(isOn ? 'commits hang' : 'commits answer', (story) =>
      isOn ? story.hangStore() : story.releaseStore(),
    ),
  );

const redeploy = fc
  .boolean()
  .map((isRunner) =>
    scene(`redeploy the ${isRunner ? 'job-runner' : 'runtime'}`, (story) =>
      isRunner ? story.redeployRunner() : story.redeployRuntime(),
    ),
  );

const slowStore = fc
  .constantFrom(0, 1, 4, 12)
  .map((turns) => scene(`commits take ${turns} turns`, (story) => story.slowStore(turns)));

const rainCheck = fc
  .integer({ min: 1, max: 2 })
  .map((count) => scene(`drop ${count} on the wire`, (story) => story.dropJobs(count)));

const crash = fc
  .tuple(fc.nat({ max: 15 }), fc.boolean(), fc.boolean(), fc.constantFrom(0, 1_400, 4_900, 30_000))
  .map(([hops, runnerFirst, isConnected, downMs]) =>
    scene(
      `crash after ${hops} for ${downMs}${runnerFirst ? '' : ', runtime first'}${isConnected ? '' : ', offline'}`,
      (story) => story.crash(hops, { runnerFirst, isConnected, downMs }),
    ),
  );

/** Anything that may happen to a garden, in any order. */
export const scenes: fc.Arbitrary<Scene[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: reading },
    { weight: 5, arbitrary: force },
    { weight: 2, arbitrary: order },
    { weight: 1, arbitrary: cancel },
    { weight: 1, arbitrary: newKey },
    { weight: 2, arbitrary: settings },
    { weight: 2, arbitrary: supply },
    { weight: 2, arbitrary: limit },
    { weight: 2, arbitrary: hose },
    { weight: 2, arbitrary: add },
    { weight: 2, arbitrary: remove },
    { weight: 1, arbitrary: load },
    { weight: 6, arbitrary: pass },
    { weight: 2, arbitrary: connect },
    { weight: 2, arbitrary: loss },
    { weight: 1, arbitrary: delay },
    { weight: 2, arbitrary: crash },
    { weight: 2, arbitrary: storeTrouble },
    { weight: 2, arbitrary: slowStore },
    { weight: 2, arbitrary: hang },
    { weight: 1, arbitrary: redeploy },
    { weight: 1, arbitrary: rainCheck },
  ),
  { maxLength: 40, size: 'max' },
);
