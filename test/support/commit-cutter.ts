import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { freePort } from './free-port.ts';

/** COMMIT as PostgreSQL's protocol sends it, and the answer. */
const COMMIT = Buffer.from('COMMIT\0');
const COMMITTED = Buffer.from('COMMIT\0');

/** Stands between a store and its PostgreSQL, and cuts the line at a COMMIT. */
export class CommitCutter {
  port = 0;
  /** `before`: the server never sees the next COMMIT. `after`: the store never sees the answer to it. */
  cuts: 'before' | 'after' | null = null;
  /** How often it has cut. */
  count = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #target: number;

  constructor(target: number) {
    this.#target = target;
    this.#server = createServer((client) => this.#join(client));
  }

  async start(): Promise<this> {
    this.port = await freePort();
    await new Promise<void>((resolve) => this.#server.listen(this.port, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket): void {
    const server = createConnection({ port: this.#target, host: '127.0.0.1' });
    let isCommitting = false;
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    const cut = () => {
      this.cuts = null;
      this.count += 1;
      client.destroy();
      server.destroy();
    };
    client.on('data', (chunk) => {
      isCommitting = this.cuts !== null && chunk.includes(COMMIT);
      if (isCommitting && this.cuts === 'before') cut();
      else server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (isCommitting && chunk.includes(COMMITTED)) cut();
      else client.write(chunk);
    });
  }
}
