import type { Server } from 'node:net';
import { RipeError } from '../../domain/errors.ts';

/** Resolves with the port; throws RIPE_PORT_IN_USE where another program has it. */
export function listen(server: Server, { host, port }: { host: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      const isTaken = error.code === 'EADDRINUSE';
      reject(isTaken ? new RipeError('RIPE_PORT_IN_USE', { port, setting: 'RIPE_MQTT_PORT' }, error) : error);
    };
    server.once('error', onError);
    server.listen(port, host, () => {
      server.off('error', onError);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
