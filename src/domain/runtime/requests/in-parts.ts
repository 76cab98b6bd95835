import type { Cursor, Page, PageRequest } from '../../paging.ts';

/** So much is read at once: between two parts everybody else has a turn. */
export const PART = 1_000;

/** Reads a page by parts, each of them a page itself; resolves with where the next page begins. */
export async function inParts<Item>(
  { limit, after }: PageRequest,
  read: (part: PageRequest) => Promise<Page<Item>>,
  take: (items: readonly Item[]) => void,
): Promise<Cursor | null> {
  let left = limit;
  let next = after;
  do {
    const part = await read({ limit: Math.min(left, PART), after: next });
    take(part.items);
    left -= part.items.length;
    next = part.next;
  } while (left > 0 && next !== null);
  return next;
}

/** Up to `most` of a list, from its beginning. */
export async function allOf<Item>(
  most: number,
  read: (part: PageRequest) => Promise<Page<Item>>,
): Promise<Item[]> {
  const found: Item[] = [];
  await inParts({ limit: most, after: null }, read, (items) => found.push(...items));
  return found;
}
