import { performance } from 'node:perf_hooks';
import { createRipeClient, type Health, type RipeClient } from '../../scripts/simulate/ripe-client.ts';
import { RipeProcess as Process } from '../../test/support/ripe-process.ts';
import type { BenchContext } from '../harness/bench-case.ts';
import { freePorts } from './free-port.ts';

export interface RipeProcess {
  readonly pid: number;
  readonly url: string;
  readonly ripe: RipeClient;
  readonly health: Health;
  /** From the start of the process to the first healthy answer. */
  readonly startMs: number;
  /** Resolves when the process is gone. */
  stop(): Promise<void>;
}

const HEALTHY_WITHIN_MS = 120_000;
/** One client does here what many do elsewhere. High, not off: what counting costs is measured with the rest. */
const HIGH_LIMITS = {
  RIPE_HTTP_LIMITS:
    'requestsPerMinute=1000000000, requestsPerMinuteOfSensor=1000000000, registrationsPerMinute=1000000000, connectionsPerAddress=0',
  RIPE_MQTT_LIMITS: 'messagesPerSecond=1000000, connectsPerMinute=0, connectionsPerAddress=0',
  RIPE_MOST_SENSORS: '1000000',
};

/** Starts a real RIPE on free ports with everything it keeps in `dataDir`; it is stopped at the end of the case. */
export async function startRipe(
  context: Pick<BenchContext, 'onEnd'>,
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<RipeProcess> {
  const [port = 0, mqttPort = 0] = await freePorts(2);
  const startedAt = performance.now();
  const process = new Process({ dataDir, port, mqttPort, env: { ...HIGH_LIMITS, ...env } });
  const stop = async () => {
    await process.stop();
  };
  context.onEnd(stop);
  const health = (await process.untilHealthy(HEALTHY_WITHIN_MS)) as Health;
  const startMs = performance.now() - startedAt;
  const { pid, url } = process;
  return { pid, url, ripe: createRipeClient({ url }), health, startMs, stop };
}
