const encoder = new TextEncoder();

/**
 * The order of the agents in a command vector: by the UTF-8 bytes of their domains, so `10_x` < `2_y` and
 * `Z` < `a` < `ä` (protocol §5.3). The clients map positions to actuators, so it must never be a locale order.
 */
export function compareDomains(a: string, b: string): number {
  const left = encoder.encode(a);
  const right = encoder.encode(b);
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) {
    const difference = (left[i] as number) - (right[i] as number);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** One byte per agent: the low eight bits of its value, in the order given (protocol §5.3). */
export function commandVector(values: readonly number[]): Uint8Array {
  return Uint8Array.from(values, (value) => value & 0xff);
}
