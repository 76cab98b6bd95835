/** The secret keys of a garden's sensors. They never travel on a wire, nor into logs, errors or events. */
export interface KeyRing {
  /** Whether this is the key of that sensor, or a former one within its grace period; compared in constant time. */
  check(sensor: number, key: string): boolean;
  /** As `check`, but a former key is none: for what a stolen key must not do after it was changed. */
  isCurrent(sensor: number, key: string): boolean;
  /** Also of a sensor that is no longer registered, whose retained vector is still to be deleted. */
  keyOf(sensor: number): string | undefined;
  /** The former key that still works. */
  formerKeyOf(sensor: number): string | undefined;
  set(sensor: number, key: string): void;
  /** A new key; the former one works until then (ms UTC), one before that no longer. */
  change(sensor: number, key: string, formerUntil: number): void;
  /** How many former keys have left something at the brokers, or still work. */
  formerCount(sensor: number): number;
  /** The sensor is registered no longer: `check` fails from now on. */
  retire(sensor: number): void;
}

/** Letters and digits without look-alikes (no 0/O, 1/I/l): 12 of them are about 70 bits. */
export const KEY_ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
export const KEY_LENGTH = 12;
