import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { MosquittoProcess } from '../../test/support/mosquitto.ts';
import type { BenchContext } from '../harness/bench-case.ts';
import { freePorts } from './free-port.ts';

const hasMosquitto = existsSync('/usr/sbin/mosquitto');

/** A broker in a process of its own. */
export interface BenchBroker {
  readonly port: number;
  stop(): Promise<void>;
}

/** Which broker cases use, for people. */
export function brokerName(): string {
  return hasMosquitto
    ? 'mosquitto of Debian'
    : 'aedes, as RIPE embeds it, in a process of its own (no mosquitto is installed); compare no figures with mosquitto’s';
}

/**
 * Starts one that queues without limit. With its usual limit of 20 mosquitto acknowledges and drops what a simple client
 * has under way beyond that.
 */
export async function startBroker({ onEnd }: Pick<BenchContext, 'onEnd'>): Promise<BenchBroker> {
  if (!hasMosquitto) return startAedes(onEnd);
  const broker = new MosquittoProcess(null, [
    'persistence false',
    'max_queued_messages 0',
    'max_inflight_messages 0',
  ]);
  await broker.start();
  onEnd(() => broker.dispose());
  return broker;
}

async function startAedes(onEnd: BenchContext['onEnd']): Promise<BenchBroker> {
  const [port = 0] = await freePorts(1);
  const child = fork(path.join(import.meta.dirname, 'aedes-broker.ts'), [String(port)]);
  const stop = async () => void child.kill();
  onEnd(stop);
  await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', () => reject(new Error('the embedded broker has not started')));
  });
  return { port, stop };
}
