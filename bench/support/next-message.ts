import type { MqttClient } from 'mqtt';

const WITHIN_MS = 10_000;

/** The next message of a topic that `isWanted` takes; rejects after ten seconds, naming what was waited for. */
export async function nextMessage(
  client: MqttClient,
  wanted: {
    readonly what: string;
    readonly topic: string;
    readonly isWanted: (payload: Uint8Array) => boolean;
  },
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const finish = (error: Error | null) => {
      clearTimeout(timer);
      client.off('message', read);
      if (error === null) resolve();
      else reject(error);
    };
    const read = (topic: string, payload: Uint8Array) => {
      if (topic === wanted.topic && wanted.isWanted(payload)) finish(null);
    };
    const timer = setTimeout(
      () => finish(new Error(`No ${wanted.what} within ${WITHIN_MS / 1000} s`)),
      WITHIN_MS,
    );
    client.on('message', read);
  });
}
