import { timingSafeEqual } from 'node:crypto';

/** More than any key has; what is longer opens nothing. */
const LONGEST = 128;
const given = Buffer.alloc(1 + LONGEST);

/** The key as its length and its bytes, always as many: so comparing takes equally long, whatever it is. */
function write(key: string, into: Buffer): boolean {
  const length = Buffer.byteLength(key);
  into.fill(0);
  into.writeUInt8(Math.min(length, LONGEST));
  into.write(key, 1);
  return length <= LONGEST;
}

/** A key that others are compared with, in constant time. A digest would do the same for twenty times the work. */
export class SealedKey {
  readonly key: string;
  readonly #bytes = Buffer.alloc(1 + LONGEST);
  readonly #isKey: boolean;

  constructor(key: string) {
    this.key = key;
    this.#isKey = write(key, this.#bytes) && key !== '';
  }

  opensWith(key: string): boolean {
    const fits = write(key, given);
    return timingSafeEqual(this.#bytes, given) && fits && this.#isKey;
  }
}

/** What an unknown sensor's key is compared with: nothing opens it. */
export const NOBODY = new SealedKey('');
