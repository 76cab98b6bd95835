import { type ChildProcess, fork } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import mqtt from 'mqtt';
import { NodeRedProcess } from '../../test/support/node-red-process.ts';
import { fillStore, takeTemplate } from '../cases/filled-store.ts';
import type { BenchContext } from '../harness/bench-case.ts';
import { untilCalm } from '../support/process-use.ts';
import { startRipe } from '../support/ripe-process.ts';
import { tempDir } from '../support/temp-dir.ts';
import { COUNT_TOPIC, wiredFlow } from './wired-flow.ts';

const CALM_WITHIN_MS = 120_000;

/** One of those who take the same readings. */
export interface Consumer {
  /** How many readings it has worked off. */
  processed(): Promise<number> | number;
  stop(): Promise<void>;
}

export type StartConsumer = (context: BenchContext, brokerPort: number, sensors: number) => Promise<Consumer>;

/** A program of its own that counts what it has done. */
export function forkProgram(context: BenchContext, file: string): ChildProcess {
  const child = fork(path.join(import.meta.dirname, file));
  context.onEnd(() => void child.kill('SIGKILL'));
  return child;
}

export const startBare: StartConsumer = async (context, port) => {
  const child = forkProgram(context, 'bare-client.ts');
  let count = 0;
  const isReady = new Promise((resolve) => child.once('message', resolve));
  child.on('message', (message: { count: number }) => {
    count = message.count;
  });
  child.send({ port });
  await isReady;
  return { processed: () => count, stop: async () => void child.kill('SIGKILL') };
};

export const startWired: StartConsumer = async (context, port) => {
  let count = 0;
  const ear = await mqtt.connectAsync({ host: '127.0.0.1', port, protocol: 'mqtt', reconnectPeriod: 0 });
  context.onEnd(() => ear.endAsync(true));
  ear.on('message', (_topic, payload) => {
    count = Number(payload.toString());
  });
  await ear.subscribeAsync(COUNT_TOPIC);
  const nodeRed = await NodeRedProcess.start({ flow: wiredFlow(port) });
  const stop = async () => void (await nodeRed.stop());
  context.onEnd(stop);
  return { processed: () => count, stop };
};

/** Counts what is committed: only then RIPE is done with a reading. */
export const startStoring: StartConsumer = async (context, port, sensors) => {
  const dir = await tempDir(context);
  const [templateDir, data] = [path.join(dir, 'template'), path.join(dir, 'data')];
  for (const folder of [templateDir, data]) await mkdir(folder);
  const template = await takeTemplate(context, templateDir, [['01_Water', 'ThresholdAgent']]);
  await fillStore(data, sensors, template);
  const { pid, stop } = await startRipe(context, data, { RIPE_BROKERS: `mqtt://127.0.0.1:${port}` });
  // Until the broker has the vector of every sensor: that is the start, which has a case of its own.
  await untilCalm(pid, CALM_WITHIN_MS);
  const database = new DatabaseSync(path.join(data, 'ripe.db'), { readOnly: true });
  context.onEnd(() => database.close());
  const newest = database.prepare('SELECT max(rowid) AS count FROM readings');
  return { processed: () => Number(newest.get()?.['count'] ?? 0), stop };
};
