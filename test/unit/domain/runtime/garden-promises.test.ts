import fc from 'fast-check';
import { describe, it } from 'mocha';
import { scenes } from '../../../support/garden-scenes.ts';
import { GardenStory } from '../../../support/garden-story.ts';
import { runs } from '../../../support/runs.ts';

/**
 * After every scene: the broker retains what the twins hold, whole vectors in the order of the domains; a pump is on
 * for a job only, and never past its announced end; no two jobs set one actuator; every envelope gives what is not
 * neutral an end, a pump that of its job, and a device that honours envelopes does what its twin says. In the end: pumps
 * are off, and every job whose end was delivered is closed.
 */
describe('A garden, whatever happens to it in whatever order', () => {
  it('keeps its promises (architecture §6, protocol §5.3)', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(scenes, async (story) => {
        const play = await GardenStory.begin();
        for (const scene of story) await scene.play(play);
        await play.end();
      }),
      { numRuns: runs(300) },
    );
  });
});
