import { RateLimiterMemory } from 'rate-limiter-flexible';

const WITHIN_S = 15 * 60;
/** Wrong passwords within 15 minutes: of one address, and of all together. */
const OF_ONE = 10;
const OF_ALL = 100;

/** Slows down who tries passwords: after so many wrong ones nobody of that address is listened to for a while. */
export class GuessLimit {
  readonly #ofOne = new RateLimiterMemory({ points: OF_ONE, duration: WITHIN_S });
  readonly #ofAll = new RateLimiterMemory({ points: OF_ALL, duration: WITHIN_S });

  /** Counts a try before it is judged, so that many at once do not slip through; seconds to wait, or null. */
  async take(address: string): Promise<number | null> {
    const one = await spend(this.#ofOne, networkOf(address));
    if (one !== null) return one;
    return spend(this.#ofAll, 'all');
  }

  /** The password was right: the try is given back, and the address starts afresh. */
  async forgive(address: string): Promise<void> {
    await this.#ofOne.delete(networkOf(address));
    await this.#ofAll.reward('all', 1);
  }
}

async function spend(limiter: RateLimiterMemory, key: string): Promise<number | null> {
  try {
    await limiter.consume(key);
    return null;
  } catch (refusal) {
    const { msBeforeNext = WITHIN_S * 1000 } = refusal as { msBeforeNext?: number };
    return Math.max(1, Math.ceil(msBeforeNext / 1000));
  }
}

/** Whoever has one IPv6 address has a /64 of them. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  return address.includes(':') ? address.split(':').slice(0, 4).join(':') : address;
}
