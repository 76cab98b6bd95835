import type { Socket } from 'node:net';
import { addressGroup } from '../wall/client-address.ts';

/** What the clients of one address leave unread. */
interface Debt {
  bytes: number;
  /** Who has left something for longest comes first. */
  readonly sockets: Socket[];
}

/**
 * Bounds what all clients together leave unread: an answer stays in memory until it is read, and who never reads can ask
 * for another one over each of his connections. He is cut first whose address has left most.
 */
export class UnreadWatch {
  readonly #mostBytes: number;
  /** Who leaves something unread, in the order in which they began. */
  readonly #behind = new Set<Socket>();
  readonly #sockets = new Set<Socket>();

  /** 0: no bound. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  watch(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#behind.delete(socket);
    });
  }

  /** To be called every now and then. */
  look(): void {
    let bytes = 0;
    for (const socket of this.#sockets) {
      bytes += socket.writableLength;
      if (socket.writableLength > 0) this.#behind.add(socket);
      else this.#behind.delete(socket);
    }
    if (this.#mostBytes > 0 && bytes > this.#mostBytes) this.#cut(bytes - this.#mostBytes);
  }

  #cut(bytes: number): void {
    const debts = this.#debts();
    for (let left = bytes; left > 0; ) {
      const debt = debts.reduce((most, each) => (each.bytes > most.bytes ? each : most));
      const socket = debt.sockets.shift();
      if (socket === undefined) return;
      debt.bytes -= socket.writableLength;
      left -= socket.writableLength;
      socket.destroy();
    }
  }

  #debts(): Debt[] {
    const debts = new Map<string, Debt>();
    for (const socket of this.#behind) {
      const address = addressGroup(socket.remoteAddress);
      const debt = debts.get(address) ?? { bytes: 0, sockets: [] };
      debts.set(address, debt);
      debt.bytes += socket.writableLength;
      debt.sockets.push(socket);
    }
    return [...debts.values()];
  }
}
