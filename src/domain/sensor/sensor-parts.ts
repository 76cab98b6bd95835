/** So many sensors are loaded together: of all at once the rows alone would take more memory than the twins do. */
const AT_ONCE = 1_000;

/** Loads all sensors of a garden, some at a time. `load` answers those whose id is higher than `after`. */
export async function* sensorParts<Part>(
  load: (after: number, most: number) => Promise<Part>,
  sensorsOf: (part: Part) => readonly { readonly id: number }[],
): AsyncGenerator<Part> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const part = await load(after, AT_ONCE);
    const sensors = sensorsOf(part);
    if (sensors.length > 0) yield part;
    after = sensors.length < AT_ONCE ? undefined : sensors.at(-1)?.id;
  }
}
