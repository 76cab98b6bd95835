/** Knows the keys of the sensors. Asked for every message to and from a sensor, so it answers at once. */
export interface KeyCheck {
  check(sensor: number, key: string): boolean;
}
