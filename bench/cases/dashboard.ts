import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/lib/browser.ts';
import { createSqliteStore } from '../../src/adapters/store/sqlite/sqlite-store.ts';
import type { BenchCase, BenchContext, BenchResult, BenchRow } from '../harness/bench-case.ts';
import { median, ratioRow } from '../harness/statistics.ts';
import { DAY_MS, writeOldRows } from '../storage/history.ts';
import { startRipe } from '../support/ripe-process.ts';
import { tempDir } from '../support/temp-dir.ts';
import { type AgentTemplate, fillStore, keyOf, takeTemplate } from './filled-store.ts';

const FEW = 3;
const MANY = 300;
const LOADS = 5;
const READING_EVERY_MS = 60_000;
/** Without a page: before one is opened, and after it is closed. */
const WITHOUT_MS = 30_000;
/**
 * A page is seen and unseen by turns: short, so that what else the machine does meets both alike, and not so short that
 * asking anew, as it is seen again, weighs in.
 */
const TURN_MS = 15_000;
const TURNS = 8;
/** What a page asks for when it is opened, or seen again, is over by then; one that is left goes on being told for 10 s. */
const SETTLED_MS = { live: 3_000, hidden: 11_000 };
const PASSWORD = 'bench';

export const dashboard: BenchCase = {
  name: 'dashboard',
  title: `the garden page with ${FEW} and ${MANY} sensors: until it can be used, what it costs RIPE, and a year of one sensor`,
  run,
};

interface Garden {
  readonly url: string;
  readonly pid: number;
  readonly sensors: number;
}

async function run(context: BenchContext): Promise<BenchResult> {
  const template = await takeTemplate(context, await tempDir(context));
  const browser = await launchBrowser();
  context.onEnd(() => browser.close());
  const few = await measureLoads(context, browser, await startGarden(context, FEW, template));
  const garden = await startGarden(context, MANY, template);
  const many = await measureLoads(context, browser, garden);
  const cost = await measureCost(context, browser, garden);
  const { dayMs, yearMs } = await measureYear(context, browser, garden);
  const row = (name: string, value: number, unit = 'ms'): BenchRow => ({ name, value, unit });
  return {
    rows: [
      row(`until ${FEW} sensors can be searched, median of ${LOADS}`, few),
      row(`until ${MANY} sensors can be searched, median of ${LOADS}`, many),
      ratioRow(`${MANY} sensors / ${FEW}`, many, few),
      row(`RIPE with ${MANY} sensors and no page open`, cost.none, '% of a core'),
      row('with a page that nobody sees', cost.hidden, '% of a core'),
      row('with a page that is open and live', cost.live, '% of a core'),
      ratioRow('a page that nobody sees / none', cost.hidden, cost.none),
      ratioRow('a page that is live / that nobody sees', cost.live, cost.hidden),
      row('a day of one sensor, until it is drawn', dayMs),
      row('a year of one sensor, until it is drawn', yearMs),
      ratioRow('a year / a day', yearMs, dayMs),
    ],
  };
}

/** A garden with a year of rows of its first sensor, at work: each sensor sends a reading a minute. */
async function startGarden(
  context: BenchContext,
  sensors: number,
  template: readonly AgentTemplate[],
): Promise<Garden> {
  context.progress(`a garden of ${sensors} sensors`);
  const dataDir = await tempDir(context);
  await fillStore(dataDir, sensors, template);
  const store = createSqliteStore({ file: path.join(dataDir, 'ripe.db') });
  await store.open();
  await writeOldRows(store, Date.now() - 365 * DAY_MS, Date.now());
  await store.close();
  const { url, pid } = await startRipe(context, dataDir, { RIPE_DASHBOARD_PASSWORD: PASSWORD });
  const garden = { url, pid, sensors };
  const ending = new AbortController();
  const sending = sendReadings(garden, ending.signal);
  context.onEnd(async () => {
    ending.abort();
    await sending;
  });
  return garden;
}

/** Evenly over each minute. */
async function sendReadings({ url, sensors }: Garden, signal: AbortSignal): Promise<void> {
  for (let count = 0; !signal.aborted; count += 1) {
    const id = (count % sensors) + 1;
    const body = JSON.stringify({ moisture: 40 + (count % 7), temperature: 21, battery: 90 });
    const headers = { 'x-key': keyOf(id), 'content-type': 'application/json' };
    await fetch(`${url}/api/sensor/${id}/data`, { method: 'POST', headers, body }).catch(() => {});
    await pause(READING_EVERY_MS / sensors, undefined, { signal }).catch(() => {});
  }
}

async function openPage(browser: Browser, { url }: Garden): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  await page.goto(`${url}/dashboard/login`);
  await page.fill('#password', PASSWORD);
  await page.click('button[type=submit]');
  await page.waitForSelector('[data-test=sensor-card]');
  return page;
}

/** From the address to the answer of a search: what a person does who has been here before. */
async function measureLoads(context: BenchContext, browser: Browser, garden: Garden): Promise<number> {
  const page = await openPage(browser, garden);
  const times: number[] = [];
  for (let load = 1; load <= LOADS; load += 1) {
    context.progress(`${garden.sensors} sensors: load ${load} of ${LOADS}`);
    const startedAt = performance.now();
    await page.goto(`${garden.url}/dashboard/garden`);
    await page.waitForSelector('[data-test=sensor-card]');
    await page.fill('[data-test=search]', `Bed ${garden.sensors}`);
    await page.waitForSelector(`[data-test=sensor-card]:has-text("Bed ${garden.sensors}")`);
    times.push(performance.now() - startedAt);
  }
  await page.context().close();
  return median(times);
}

type Cost = Readonly<Record<'none' | 'hidden' | 'live', number>>;

/**
 * What RIPE's process takes of a core without a page, with one that nobody sees, and with one that is live: the latter two by
 * many turns, every other time the other way round, and all of them together, since one says little of so small a load.
 */
async function measureCost(context: BenchContext, browser: Browser, garden: Garden): Promise<Cost> {
  const used = { none: 0, hidden: 0, live: 0 };
  context.progress('what the page costs RIPE: without');
  used.none += await watch(garden.pid, WITHOUT_MS);
  const page = await openPage(browser, garden);
  for (let turn = 1; turn <= TURNS; turn += 1) {
    context.progress(`what the page costs RIPE: turn ${turn} of ${TURNS}`);
    for (const mode of turn % 2 === 1 ? (['hidden', 'live'] as const) : (['live', 'hidden'] as const)) {
      await show(page, mode === 'live');
      await pause(SETTLED_MS[mode]);
      used[mode] += await watch(garden.pid, TURN_MS);
    }
  }
  await page.context().close();
  await pause(SETTLED_MS.live);
  used.none += await watch(garden.pid, WITHOUT_MS);
  const share = (ms: number, of: number) => ms / (of / 100);
  return {
    none: share(used.none, 2 * WITHOUT_MS),
    hidden: share(used.hidden, TURNS * TURN_MS),
    live: share(used.live, TURNS * TURN_MS),
  };
}

/** As a browser tells a page whose tab is left, or come back to. */
async function show(page: Page, isSeen: boolean): Promise<void> {
  await page.evaluate(`
    Object.defineProperty(document, 'hidden', { value: ${!isSeen}, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  `);
}

/** What a process uses of the processors, in ms, while it is watched. */
async function watch(pid: number, ms: number): Promise<number> {
  const [before, startedAt] = [await processMs(pid), performance.now()];
  await pause(ms);
  return (((await processMs(pid)) - before) * ms) / (performance.now() - startedAt);
}

/** What all threads of a process have had of the processors, to the nanosecond. */
async function processMs(pid: number): Promise<number> {
  const tasks = `/proc/${pid}/task`;
  const times = await Promise.all(
    (await readdir(tasks)).map(async (task) => {
      const [ns = 0] = (await readFile(`${tasks}/${task}/schedstat`, 'utf8')).split(' ').map(Number);
      return ns / 1e6;
    }),
  );
  return times.reduce((sum, ms) => sum + ms, 0);
}

async function measureYear(context: BenchContext, browser: Browser, garden: Garden) {
  context.progress('a year of one sensor');
  const page = await openPage(browser, garden);
  await page.goto(`${garden.url}/dashboard/garden?sensor=1`);
  await page.waitForSelector('[aria-busy=false] [data-metric=moisture] canvas');
  const drawn = async (range: string) => {
    const times: number[] = [];
    for (let draw = 0; draw < LOADS; draw += 1) {
      await page.click('[data-range=week]');
      await page.waitForSelector('[aria-busy=false] [data-metric=moisture] canvas');
      const startedAt = performance.now();
      await page.click(`[data-range=${range}]`);
      await page.waitForSelector('[aria-busy=false] [data-metric=moisture] canvas');
      times.push(performance.now() - startedAt);
    }
    return median(times);
  };
  const [dayMs, yearMs] = [await drawn('day'), await drawn('year')];
  await page.context().close();
  return { dayMs, yearMs };
}
