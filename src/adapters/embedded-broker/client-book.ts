import type { Client } from 'aedes';
import type { Clock } from '../../domain/time/clock.ts';
import { LONGEST_CLIENT_ID, plainId } from './client-ids.ts';
import { RefusalLog } from './refusal-log.ts';

export interface ClientEvent {
  type: 'connected' | 'disconnected' | 'refused';
  /** Empty when it was refused before it said its id. */
  client: string;
  address: string;
  reason?: string;
}

export interface ClientBookPorts {
  readonly clock: Clock;
  addressOf(client: Client): string;
  onClient(event: ClientEvent): void;
}

/** Knows who is connected, and tells who comes, goes and is refused. */
export class ClientBook {
  readonly #ports: ClientBookPorts;
  readonly #refusals: RefusalLog;
  readonly #clients = new Map<string, Client>();
  /** Why a client is about to be disconnected. */
  readonly #reasons = new WeakMap<Client, string>();

  constructor(ports: ClientBookPorts) {
    this.#ports = ports;
    this.#refusals = new RefusalLog(ports.clock);
  }

  find(id: string): Client | undefined {
    return this.#clients.get(id);
  }

  connected(client: Client): void {
    this.#clients.set(client.id, client);
    this.#tell('connected', client);
  }

  disconnected(client: Client): void {
    if (this.#clients.get(client.id) === client) this.#clients.delete(client.id);
    this.#tell('disconnected', client, this.#reasons.get(client));
  }

  failed(client: Client, reason: string): void {
    this.#reasons.set(client, reason);
  }

  refused(client: Client, reason: string): void {
    if (this.#refusals.isDue(client.id ?? this.#ports.addressOf(client)))
      this.#tell('refused', client, reason);
  }

  /** Before it has said who it is. */
  refusedEarly(address: string, reason: string): void {
    if (this.#refusals.isDue(address)) this.#ports.onClient({ type: 'refused', client: '', address, reason });
  }

  #tell(type: ClientEvent['type'], client: Client, reason?: string): void {
    this.#ports.onClient({
      type,
      client: printable(plainId(client.id)),
      address: this.#ports.addressOf(client),
      ...(reason === undefined ? {} : { reason }),
    });
  }
}

/** An id is whatever the client sent: it must not break a line of the log. */
function printable(id: string): string {
  return id.replace(/[^\x20-\x7e]/g, '?').slice(0, LONGEST_CLIENT_ID);
}
