import { Ripe } from './ripe.ts';

/** What the tests of many files ask for within a minute is no attack. */
const NO_LIMITS = {
  RIPE_HTTP_LIMITS:
    'requestsPerMinute=0,requestsPerMinuteOfSensor=0,registrationsPerMinute=0,wrongKeysPerMinute=0',
  RIPE_MQTT_LIMITS: 'connectsPerMinute=0,messagesPerSecond=0',
};

const ripe = new Ripe({ env: () => NO_LIMITS });
let started: Promise<unknown> | undefined;

/**
 * The RIPE of all test files of this process that only talk to it, each about sensors of its own. It is started before the
 * first of them and ended after the last. Whoever stops it or is about its limits has one alone: `useRipe`.
 */
export function useSharedRipe(): Ripe {
  before('start the shared RIPE', () => {
    started ??= start();
    return started;
  });
  return ripe;
}

async function start(): Promise<void> {
  await ripe.prepare();
  await ripe.start();
}

// Outside of every `describe`: after the last test of the last file.
after('stop the shared RIPE', async () => {
  if (started !== undefined) await ripe.dispose();
});
