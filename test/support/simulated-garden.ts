import { simulate } from '../../scripts/simulate/simulation.ts';

/** `npm run simulate` for the tests of the calling `describe`: `start` it when RIPE is there. */
export function useSimulatedGarden(): { start(url: string, sensors: number, speed: number): void } {
  const ending = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  after('end the simulated garden', async () => {
    ending.abort();
    await running;
  });
  return {
    start(url, sensors, speed) {
      const options = {
        url,
        sensors,
        speed,
        name: 'Tomato',
        durationSeconds: null,
        isJson: true,
        isKept: true,
        isLegacy: false,
        isHelp: false,
      };
      running = simulate({
        options,
        signal: ending.signal,
        onStarting: () => {},
        chooseView: () => ({ event: () => {}, close: () => {} }),
      });
      // It may be aborted before it has begun.
      running.catch(() => {});
    },
  };
}
