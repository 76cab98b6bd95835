import type { JobRecord } from './job.ts';

/** Where a list of ended jobs goes on. */
export interface EndedPlace {
  readonly endedAt: number;
  readonly id: string;
}

/** Some of a list of ended jobs; `next` null: that was the last of it. */
export interface EndedPart {
  readonly jobs: readonly JobRecord[];
  readonly next: EndedPlace | null;
}

/** So many jobs are loaded together: those of a busy day would take more memory than the garden does. */
const AT_ONCE = 1_000;

/** Loads ended jobs, some at a time. */
export async function* endedParts(
  load: (after: EndedPlace | null, most: number) => Promise<EndedPart>,
): AsyncGenerator<readonly JobRecord[]> {
  let after: EndedPlace | null = null;
  do {
    const { jobs, next }: EndedPart = await load(after, AT_ONCE);
    yield jobs;
    after = next;
  } while (after !== null);
}

/** Where the list goes on after these, of which `most` were asked for. */
export function placeAfter(jobs: readonly JobRecord[], most: number): EndedPlace | null {
  const last = jobs.at(-1);
  if (last === undefined || jobs.length < most) return null;
  return { endedAt: last.endedAt ?? 0, id: last.id };
}
