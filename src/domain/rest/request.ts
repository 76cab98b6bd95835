import type { PageRequest } from '../paging.ts';
import type { Resolution } from '../reading/resolution.ts';
import type { Locale } from '../time/zones.ts';

/** What a REST call asks for, checked and typed; `msg.request` on the wire. It never holds a key. */
export interface ApiRequest {
  readonly operation: string;
  /** Present where the route names a sensor, whose key has been checked. */
  readonly sensor?: number;
  readonly domain?: string;
  /** ms UTC, half open. */
  readonly range?: { readonly from: number; readonly until: number };
  /** Of what there is much: how much of it, and from where on. */
  readonly page?: PageRequest;
  readonly resolution?: Resolution;
  /** Present where the caller wants a table instead of JSON. */
  readonly format?: 'csv';
  /** The id of a job, where the route names one. */
  readonly job?: string;
  /** Of a stream of events: the id of the last one that the client has. */
  readonly lastEventId?: string;
  readonly body?: unknown;
  /** IANA zone of X-TZ. */
  readonly timeZone: string;
  /** Of Accept-Language. */
  readonly locale: Locale;
  /** The host name by which the request came in. */
  readonly host: string;
  /** Old ESP8266 firmware expects the broker of a status as a text (protocol §10.3). */
  readonly client: 'esp8266' | 'other';
}
