import { setTimeout as pause } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';
import { sensorTopic } from '../../src/domain/broker/topics.ts';
import { connectFromElsewhere } from '../../test/support/mqtt-from.ts';

/** A thread that sends as fast as it can, until it is ended. */
export interface LoudOptions {
  readonly url: string;
  readonly mqttPort: number;
  readonly id: number;
  readonly key: string;
}

/** So many messages at once, again and again: more than any limit lets through. */
const BURST = 500;
const HTTP_CALLERS = 30;
const ADDRESS = '10.0.0.66';

const { url, mqttPort, id, key } = workerData as LoudOptions;
const client = await connectFromElsewhere(mqttPort, 'loud');

async function publish(): Promise<never> {
  for (;;) {
    for (let i = 0; i < BURST; i++)
      client.publish(sensorTopic('data', id, key), '{"moisture":50}', { qos: 0 });
    do await pause(1);
    while (client.stream.writableNeedDrain);
  }
}

async function ask(): Promise<never> {
  for (;;) {
    const headers = { 'x-key': key, 'x-forwarded-for': ADDRESS };
    await fetch(`${url}/api/sensor/${id}`, { headers })
      .then((answer) => answer.arrayBuffer())
      .catch(() => undefined);
  }
}

void publish();
for (let i = 0; i < HTTP_CALLERS; i++) void ask();
