import { createConnection } from 'node:net';
import type { MqttCase } from './mqtt-cases.ts';

const LISTENS_MS = 40;
/** Another machine than that of the devices: all of 127.0.0.0/8 is this one. */
const ATTACKER = '127.0.0.2';

/** Opens a connection for one case, and answers every byte that came back until it was quiet for a moment. */
export function sendMqtt(port: number, { packets }: MqttCase): Promise<Buffer> {
  return new Promise((resolve) => {
    const received: Buffer[] = [];
    const socket = createConnection({ port, host: '127.0.0.1', localAddress: ATTACKER });
    const end = () => {
      clearTimeout(timer);
      // Without a goodbye: wills are to be heard.
      socket.destroy();
      resolve(Buffer.concat(received));
    };
    const timer = setTimeout(end, LISTENS_MS);
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    socket.on('error', end);
    socket.on('close', end);
    socket.on('connect', () => socket.write(Buffer.concat(packets)));
  });
}
