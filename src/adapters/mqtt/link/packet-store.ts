import { Store } from 'mqtt';
import { TransientMap } from '../../../domain/collections/transient-map.ts';

type Packet = Parameters<Store['put']>[0];
type Named = Parameters<Store['get']>[0];
type Told = Parameters<Store['get']>[1];

/**
 * The packets that are under way over one connection. mqtt.js would send them again over its next one, and keeps them in a
 * Map for that, see TransientMap; a link is never opened twice.
 */
export class PacketStore extends Store {
  readonly #packets = new TransientMap<number, Packet>();

  override put(packet: Packet, done: Parameters<Store['put']>[1]): this {
    this.#packets.set(packet.messageId ?? 0, packet);
    done();
    return this;
  }

  override get({ messageId = 0 }: Named, told: Told): this {
    answer(this.#packets.get(messageId), told);
    return this;
  }

  override del({ messageId = 0 }: Named, told: Told): this {
    const packet = this.#packets.get(messageId);
    this.#packets.delete(messageId);
    answer(packet, told);
    return this;
  }
}

function answer(packet: Packet | undefined, told: Told): void {
  if (packet === undefined) told(new Error('missing packet'));
  else told(undefined, packet);
}
