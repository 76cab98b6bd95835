import { HTTP_LIMITS, type HttpLimits } from '../../domain/broker/client-limits.ts';
import { RipeError } from '../../domain/errors.ts';
import type { Doorkeeper, HttpCall } from '../../domain/rest/parse-request.ts';
import type { ApiRequest } from '../../domain/rest/request.ts';
import { BoundedLimiter } from './bounded-limiter.ts';
import { GuessLimiter } from './guess-limiter.ts';
import { refuseLate } from './late-refusal.ts';
import { SensorPace } from './sensor-pace.ts';

/** Limits per minute are counted in bites of 10 s, so that a minute's share does not come at once. */
const BITE_S = 10;
export const perBite = (perMinute: number) => ({
  points: Math.ceil(perMinute / (60 / BITE_S)),
  seconds: BITE_S,
});

export const MOST_SENSORS = 1_000;

export interface AdmissionOptions {
  readonly limits?: HttpLimits;
  /** So many sensors are taken from whoever comes; the administrator may register more. */
  readonly mostSensors?: number;
}

type Parse = () => ApiRequest;

export type Guarded = Doorkeeper & { readonly keys: { readonly size: number } };

/** Bounds what callers of the REST interface may ask for, whatever node they come through. */
export class Admission {
  /** Shared with the embedded broker. */
  readonly guesses: GuessLimiter;
  readonly #pace: SensorPace;
  readonly #registrations: BoundedLimiter;
  readonly #mostSensors: number;

  constructor({ limits = HTTP_LIMITS, mostSensors = MOST_SENSORS }: AdmissionOptions = {}) {
    this.guesses = new GuessLimiter(limits.wrongKeysPerMinute);
    this.#pace = new SensorPace(limits.requestsPerMinuteOfSensor);
    this.#registrations = new BoundedLimiter({ points: limits.registrationsPerMinute, seconds: 60 });
    this.#mostSensors = mostSensors;
  }

  /**
   * Runs `parse`, which checks the call and its key. Throws its error; a promise is for what has to wait, be it for its
   * refusal: most calls need none.
   */
  admit(call: HttpCall, address: string, door: Guarded, parse: Parse): ApiRequest | Promise<ApiRequest> {
    const { access } = call.match.route;
    if (access === 'anybody') return parse();
    if (access === 'registration') return this.#register(call, address, door, parse);
    const request = this.#check(call, address, parse);
    if (request instanceof Promise || request.sensor === undefined) return request;
    const turn = this.#pace.pass(request.sensor);
    return turn === undefined ? request : turn.then(() => request);
  }

  #check(call: HttpCall, address: string, parse: Parse): ApiRequest | Promise<never> {
    return this.guesses.attempt(lockOf(call), address, parse, ({ error }) => isWrongKey(error));
  }

  async #register(call: HttpCall, address: string, door: Guarded, parse: Parse): Promise<ApiRequest> {
    const request = await this.#check(call, address, parse);
    if (door.registration !== 'open' || (await this.#isAdministrator(call, address, door))) return request;
    const waitMs = this.#registrations.take(address);
    if (waitMs > 0) await refuseLate(waitMs);
    if (door.keys.size >= this.#mostSensors)
      throw new RipeError('RIPE_SENSOR_LIMIT', { limit: this.#mostSensors });
    return request;
  }

  #isAdministrator({ bearer }: HttpCall, address: string, door: Guarded): boolean | Promise<boolean> {
    if (bearer === undefined) return false;
    const look = () => door.isAdministrator(bearer);
    return this.guesses.attempt(ADMINISTRATOR, address, look, ({ result }) => result !== true);
  }
}

const ADMINISTRATOR = 'administrator';

/** What the caller tries to open. */
function lockOf({ match }: HttpCall): string {
  if (match.id !== undefined) return String(Number(match.id));
  return match.route.access === 'keyInBody' ? 'body' : ADMINISTRATOR;
}

/** A domain that cannot be one is no guess at a key. */
function isWrongKey(error: unknown): boolean {
  if (!(error instanceof RipeError)) return false;
  if (error.code === 'RIPE_AUTH_ADMIN') return true;
  return error.code === 'RIPE_AUTH_SENSOR' && error.params['of'] !== 'domain';
}
