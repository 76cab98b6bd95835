import { computed, ref, shallowRef } from 'vue';
import { type GardenClient, rangeQuery } from '../data/garden-client.ts';
import type { Decision } from '../data/shapes.ts';

const DAY_MS = 86_400_000;
/** The page's clock may be slow by so much. */
const CLOCK_MS = 60_000;
const PAGE = 100;

/** The decisions of a sensor, newest first: those of the last day as they come, and older ones page by page. */
export function useDecisions(client: GardenClient, sensor: number) {
  const begin = Date.now() - DAY_MS;
  const recent = shallowRef<readonly Decision[]>([]);
  const older = shallowRef<readonly Decision[]>([]);
  /** There are no older ones. */
  const isAll = ref(false);
  const isLoading = ref(true);
  const failure = ref('');
  const decisions = computed(() => [...recent.value, ...older.value]);

  const between = (from: number, until: number, more = '') =>
    client.get<Decision[]>(`/api/sensor/${sensor}/decision?${rangeQuery(from, until)}${more}`);

  async function asking(work: () => Promise<void>): Promise<void> {
    isLoading.value = true;
    try {
      await work();
      failure.value = '';
    } catch (error) {
      failure.value = (error as Error).message;
    } finally {
      isLoading.value = false;
    }
  }

  const load = () =>
    asking(async () => {
      recent.value = await between(begin, Date.now() + CLOCK_MS);
    });

  /** Once at a time, however often somebody presses. */
  let going: Promise<void> | null = null;
  function loadOlder(): Promise<void> {
    going ??= askOlder().finally(() => {
      going = null;
    });
    return going;
  }

  const askOlder = () =>
    asking(async () => {
      const last = decisions.value.at(-1);
      // Of one moment there may be several: they are asked for again, and those that are known left out.
      const until = last === undefined ? begin : Date.parse(last.at) + 1;
      const known = new Set(decisions.value.map(nameOf));
      const found = await between(0, until, `&limit=${PAGE}`);
      older.value = [...older.value, ...found.filter((each) => !known.has(nameOf(each)))];
      isAll.value = found.length < PAGE;
    });

  return { decisions, isAll, isLoading, failure, load, loadOlder };
}

const nameOf = ({ at, domain, event }: Decision): string => `${at} ${domain} ${event}`;
