import fc from 'fast-check';
import { describe, it } from 'mocha';
import { scenes } from '../../../support/garden-scenes.ts';
import { GardenStory } from '../../../support/garden-story.ts';
import { runs } from '../../../support/runs.ts';

/**
 * After every scene: the broker retains what the twins hold, whole vectors in the order of the domains; what is not neutral
 * has a cause, a job before its announced end or a value that its agent holds (a pump: a job only), and code that is
 * loaded; no two jobs set one actuator; no supply has more jobs than it can serve; every envelope gives what is not
 * neutral an end, and a device that honours envelopes does what its twin says; a broker that was just connected has every
 * vector before new work. In the end, once nothing is wanted of any agent, everything is neutral and every job is closed.
 */
describe('A garden, whatever happens to it in whatever order', () => {
  it('keeps its promises (architecture §6, protocol §5.3)', async function () {
    this.timeout(runs(120_000));
    await fc.assert(
      fc.asyncProperty(scenes, async (story) => {
        const play = await GardenStory.begin();
        for (const scene of story) await scene.play(play);
        await play.end();
      }),
      { numRuns: runs(300) },
    );
  });

  it('keeps them where what is held gives way to a run that the disk keeps waiting until it is over', async () => {
    const play = await GardenStory.begin();
    await play.slowStore(1);
    await play.crash(1, { runnerFirst: true, isConnected: false, downMs: 0 });
    await play.hangStore();
    await play.force(1, 'ä_Test', 500);
    await play.pass(5_001);
    await play.order(1, 'ä_Test', { duration_ms: 6_000, value: 1 });
    await play.pass(54_999);
    await play.end();
  });

  it('keeps them where the job-runner is deployed anew while a run waits for the disk', async () => {
    const play = await GardenStory.begin();
    await play.hangStore();
    await play.changeKey(1);
    await play.order(1, '01_Water', { duration_ms: 6_000, value: 1 });
    await play.redeployRunner();
    await play.pass(1_000);
    await play.end();
  });
});
