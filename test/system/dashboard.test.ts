import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../scripts/lib/browser.ts';
import { curl } from '../support/curl.ts';
import { eventually } from '../support/eventually.ts';
import { GardenPage } from '../support/garden-page.ts';
import { useMosquitto } from '../support/mosquitto.ts';
import { agentSource, asModule, writePlugins } from '../support/plugin-files.ts';
import { readQr } from '../support/read-qr.ts';
import { useRipe } from '../support/ripe.ts';
import { REPO } from '../support/ripe-process.ts';
import { useSimulatedGarden } from '../support/simulated-garden.ts';
import { base64, registerSensor, type TestSensor } from '../support/test-sensor.ts';
import { until } from '../support/until.ts';

const PASSWORD = 'green thumb';
const WIDTHS = [390, 800, 1440];
const TOMATOES = 3;
/** Herbs, whose soil a test has in its hands. */
const SENSORS = TOMATOES + 1;
const HOUR_MS = 3_600_000;

/** A plugin that runs for a minute below a moisture. */
function drip(version: string, limit: number): string {
  const decide = `
    const isDry = event.type === 'reading' && event.reading.moisture < ${limit};
    return { ...(isDry ? { job: { steps: [{ set: 1 }, { wait: 60000 }] } } : {}), because: { code: 'did' } };`;
  return asModule(agentSource('Drip', decide, version).replace('{ Text: null }', '{ TimePane: 60 }'));
}

describe('the garden on a page', function () {
  this.timeout(90_000);
  const mosquitto = useMosquitto();
  const ripe = useRipe({
    env: () => ({
      RIPE_DASHBOARD_PASSWORD: PASSWORD,
      RIPE_BROKERS: `mqtt://127.0.0.1:${mosquitto.port}`,
    }),
  });
  const garden = useSimulatedGarden();
  let browser: Browser;
  let page: GardenPage;
  let herbs: TestSensor;

  async function plant(): Promise<void> {
    garden.start(ripe.url, TOMATOES, 5);
    herbs = await registerSensor(ripe, 'Herbs');
    await herbs.addAgent('01_Water', 'ThresholdAgent');
    await herbs.postData({ moisture: 40 });
  }

  before('open the page', async () => {
    browser = await launchBrowser();
    page = await GardenPage.open(browser, { url: ripe.url });
  });
  after('close the browser', () => browser?.close());

  it('shows nothing, and commands nothing, without a login', async () => {
    await page.goto('/dashboard/garden?sensor=1');
    await page.page.locator('#password').waitFor();
    await page.checkAccess();
    for (const place of ['/dashboard/_setup', '/dashboard/manifest.webmanifest'])
      assert.equal((await curl(ripe, 'GET', place)).status, 401, place);
    const query = 'EIO=4&transport=polling';
    const socket = `/dashboard/socket.io/?${query}`;
    const opened = await curl(ripe, 'GET', socket);
    const sid = /"sid":"([^"]+)"/.exec(opened.text)?.[1];
    const place = `${ripe.url}${socket}&sid=${sid}`;
    await fetch(place, { method: 'POST', body: '40' });
    assert.match(await (await fetch(place)).text(), /^44.*Log in first/);
    await page.logIn('guess');
    await page.page.locator('#trouble').waitFor();
    await page.logIn(PASSWORD);
    await page.page.waitForURL('**/dashboard/garden?sensor=1');
    await page.page.locator('h1', { hasText: 'There is no such sensor.' }).waitFor();
    await page.checkAccess();
  });

  it('invites to an empty garden, where there is nothing to search', async () => {
    await page.goto();
    await page.byTest('add').filter({ hasText: 'Add a sensor' }).waitFor();
    // Until the answer is there, the page cannot know that the garden is empty.
    await page.byTest('search').waitFor({ state: 'detached' });
    await page.checkAccess();
  });

  it('leaves REST as it is', async () => {
    assert.equal((await curl(ripe, 'GET', '/api/health')).status, 200);
  });

  it('is found by the dashboard without a complaint', () => {
    assert.doesNotMatch(ripe.output, /third party widgets/);
  });

  it('shows every sensor with its moisture and its agent, at every width', async () => {
    await plant();
    await page.byTest('search').waitFor();
    for (const width of WIDTHS) {
      await page.setWidth(width);
      await eventually(async () => assert.equal(await page.cards.count(), SENSORS));
      await eventually(async () => {
        for (const text of await page.cards.allTextContents())
          assert.match(text, /(?:Tomato \d|Herbs).*\d+%.*Water/);
      });
      await page.checkWidth();
      await page.checkTargets();
    }
    await page.checkAccess();
  });

  it('is as it was for who comes back from a sensor', async () => {
    await page.page.setViewportSize({ width: 390, height: 400 });
    await page.byTest('search').fill('mato');
    await page.page.getByLabel('Sort by').selectOption('name');
    await eventually(async () => assert.equal(await page.cards.count(), TOMATOES));
    await page.cards.filter({ hasText: 'Tomato 3' }).scrollIntoViewIfNeeded();
    const top = await page.page.evaluate('window.scrollY');
    assert.ok(Number(top) > 0, 'there is something to scroll');
    await page.openSensor('Tomato 3');
    assert.equal(await page.page.title(), 'Tomato 3 · Garden');
    await page.checkTargets();
    await page.page.goBack();
    await eventually(async () => assert.equal(await page.page.evaluate('window.scrollY'), top));
    assert.equal(await page.cards.count(), TOMATOES);
    assert.equal(await page.page.getByLabel('Sort by').inputValue(), 'name');
    await page.page.getByLabel('Sort by').selectOption('need');
    await page.byTest('search').fill('');
    await page.setWidth(1440);
  });

  it('finds a sensor by its name', async () => {
    await page.byTest('search').fill('mato 2');
    await eventually(async () => assert.equal(await page.cards.count(), 1));
    await page.byTest('search').fill('');
    await eventually(async () => assert.equal(await page.cards.count(), SENSORS));
  });

  it('is used by the keyboard alone', async () => {
    const thyme = await registerSensor(ripe, 'Thyme');
    await thyme.addAgent('01_Water', 'ThresholdAgent');
    await thyme.postData({ moisture: 40 });
    const { keyboard } = page.page;
    await page.tabTo('[data-test=search]');
    await keyboard.type('thyme');
    await eventually(async () => assert.equal(await page.cards.count(), 1));
    await page.tabTo('[data-test=sensor-card]');
    await keyboard.press('Enter');
    await page.page.locator('h1', { hasText: 'Thyme' }).waitFor();
    await eventually(async () => assert.ok(await page.isFocused('h1')));
    await page.tabTo('[data-test=run]');
    await keyboard.press('Enter');
    await page.byTest('outcome').filter({ hasText: 'Switched on by hand' }).waitFor();
    await page.byTest('stop').waitFor();
    await page.tabTo('[data-test=stop]');
    await keyboard.press('Enter');
    await page.byTest('outcome').filter({ hasText: 'Switched off by hand.' }).waitFor();
    await page.tabTo('.ripe-menu__button');
    await keyboard.press('Enter');
    await page.page.locator('.ripe-menu__sheet').waitFor();
    await keyboard.press('Escape');
    await page.page.locator('.ripe-menu__sheet').waitFor({ state: 'detached' });
    await eventually(async () => assert.ok(await page.isFocused('.ripe-menu__button')));
    await page.goto();
  });

  it('waters a bed by hand: what runs, and the band of it, are what RIPE says', async () => {
    await page.openSensor('Tomato 3');
    const state = page.byTest('agent-state');
    await page.byTest('run').click();
    await state.filter({ hasText: /On by hand · \d:\d\d left/ }).waitFor();
    await page.byTest('outcome').filter({ hasText: 'Switched on by hand for 5 min.' }).waitFor();
    await page.byTest('outcome').filter({ hasText: 'The device does it.' }).waitFor();
    await page.page.locator('.ripe-lane__open').waitFor({ state: 'attached' });
    await page.checkAccess();
    await page.byTest('stop').click();
    await page.byTest('outcome').filter({ hasText: 'Switched off by hand.' }).waitFor();
    await state.filter({ hasText: 'Ready' }).waitFor();
    await page.page.locator('.ripe-lane__open').waitFor({ state: 'detached' });
    assert.ok((await page.byTest('band').count()) > 0);
  });

  it('stops what a clock has on, until its window is over', async () => {
    const lamp = await registerSensor(ripe, 'Lamp');
    await lamp.addAgent('01_Light', 'TimeAgent');
    const aMinuteAgo = Math.floor(Date.now() / 60_000) * 60_000 - 60_000;
    const start = { ms: aMinuteAgo % (24 * HOUR_MS), zone: 'UTC' };
    const settings = { start, durationMs: 2 * HOUR_MS };
    await lamp.agent('PATCH', `/${base64('01_Light')}/settings`, { body: { settings } });
    await page.goto();
    await page.openSensor('Lamp');
    const state = page.byTest('agent-state');
    await state.filter({ hasText: /Running · 1:5\d:\d\d left/ }).waitFor();
    await page.byTest('stop').click();
    await state.filter({ hasText: /Off by hand · 1:5\d:\d\d left/ }).waitFor();
    assert.equal(await page.byTest('stop').count(), 0);
  });

  it('changes a limit, and the decision changes', async () => {
    await page.goto();
    await page.openSensor('Herbs');
    const decisions = page.byTest('decisions');
    await decisions.filter({ hasText: 'Moisture 40 is not below 20.' }).waitFor();
    await page.page.locator('summary', { hasText: 'Settings' }).click();
    await page.slide('minThreshold', 60);
    await page.page.locator('[data-setting=minThreshold]', { hasText: 'Saved' }).waitFor();
    await herbs.postData({ moisture: 39 });
    await decisions.filter({ hasText: 'Moisture 39 is below 60: runs for 60 s.' }).waitFor();
    await page
      .byTest('agent-state')
      .filter({ hasText: /Running/ })
      .waitFor();
    await page.byTest('stop').click();
    await page.byTest('agent-state').filter({ hasText: 'Ready' }).waitFor();
  });

  it('replays what was measured through another limit, and changes nothing by that', async () => {
    await page.byTest('what-if').click();
    const panel = page.page.locator('.ripe-what-if');
    await panel.locator('[data-setting=minThreshold]').waitFor();
    await page.slide('minThreshold', 30, '.ripe-what-if ');
    await page.byTest('replay').click();
    const answer = page.byTest('what-if-answer');
    await answer
      .filter({ hasText: /With limit 30 it would have run 1 time less .*: 0 instead of 1\./ })
      .waitFor();
    assert.equal(await answer.locator('[data-test=band]').count(), 1);
    await page.checkAccess();
    await page.byTest('what-if').click();
    const settings = await herbs.agent('GET', `/${base64('01_Water')}/settings`);
    assert.equal((settings.body as { settings: Record<string, unknown> }).settings['minThreshold'], 60);
  });

  it('replays it through an earlier version of a plugin, too', async () => {
    const mint = await registerSensor(ripe, 'Mint');
    await writePlugins(ripe.pluginsDir, { 'drip.js': drip('1.0.0', 12) });
    await eventually(() => mint.addAgent('01_Drip', 'Drip'), 15_000);
    await writePlugins(ripe.pluginsDir, { 'drip.js': drip('1.1.0', 0) });
    const versions = async () =>
      (await mint.agent('GET', `/${base64('01_Drip')}/what-if`)).body as { version: string }[];
    await eventually(async () => {
      assert.deepEqual(
        (await versions()).map(({ version }) => version),
        ['1.1.0', '1.0.0'],
      );
    }, 15_000);
    for (const [hoursAgo, moisture] of [
      [3, 11],
      [2, 20],
      [1, 11],
    ] as const)
      await mint.postData({ moisture, timestamp: new Date(Date.now() - hoursAgo * HOUR_MS).toISOString() });
    await page.goto();
    await page.openSensor('Mint');
    await page.byTest('what-if').click();
    await page.byTest('what-if-version').selectOption('1.0.0');
    await page.byTest('replay').click();
    const sentence = 'With version 1.0.0 it would have run 2 times more in the last 14 days: 2 instead of 0.';
    const answer = page.byTest('what-if-answer');
    await answer.filter({ hasText: sentence }).waitFor();
    assert.equal(await answer.locator('[data-test=band]').count(), 2);
    await page.checkAccess();
    await page.goto();
    await page.openSensor('Herbs');
    await page.page.locator('summary', { hasText: 'Settings' }).click();
  });

  it('says kindly that an agent made of wires cannot be replayed', async () => {
    const headers = { Authorization: `Bearer ${await ripe.adminToken()}` };
    const flows = JSON.parse((await curl(ripe, 'GET', '/red/flows', { headers })).text) as { id: string }[];
    const wires = JSON.parse(await readFile(path.join(REPO, 'examples/agent-of-wires.json'), 'utf8')) as {
      id: string;
    }[];
    const body = [...flows, ...wires.filter(({ id }) => flows.every((node) => node.id !== id))];
    assert.equal((await curl(ripe, 'POST', '/red/flows', { headers, body })).status, 204);
    // Node-RED answers before it has made the routes anew.
    const sage = await eventually(() => registerSensor(ripe, 'Sage'), 15_000);
    await eventually(() => sage.addAgent('01_Wet', 'WetAgent'), 15_000);
    await page.goto();
    await page.openSensor('Sage');
    await page.byTest('what-if').click();
    await page.byTest('what-if-wires').filter({ hasText: 'made of wires' }).waitFor();
    assert.equal(await page.byTest('replay').count(), 0);
    await page.checkAccess();
    await page.goto();
    await page.openSensor('Herbs');
    await page.page.locator('summary', { hasText: 'Settings' }).click();
  });

  it('says why a setting was not taken, and shows what counts', async () => {
    const field = page.page.locator('[data-setting=hysteresis]');
    await field.locator('input').fill('-3');
    await field.locator('input').press('Tab');
    await field.filter({ hasText: /Not saved:.*must be a number from 0/ }).waitFor();
    await eventually(async () => assert.equal(await field.locator('input').inputValue(), '0'));
  });

  it('draws a sensor at every width, in the dark and in German, too', async () => {
    for (const width of WIDTHS) {
      await page.setWidth(width);
      await page.page.locator('[data-metric=moisture] canvas').waitFor();
      await page.checkWidth();
    }
    await page.choose('Dark');
    await page.choose('Deutsch');
    await page.page.locator('[data-metric=moisture]', { hasText: 'Feuchte' }).waitFor();
    await page.byTest('agent-state').filter({ hasText: 'Bereit' }).waitFor();
    await page.page.locator('.v-app-bar-title', { hasText: /^Garten$/ }).waitFor();
    await page.byTest('decisions').filter({ hasText: '39 ist unter 60' }).waitFor();
    await page.checkAccess();
    for (const range of ['week', 'month', 'year', 'day']) {
      await page.page.click(`[data-range=${range}]`);
      await page.page.locator('[aria-busy=false] [data-metric=moisture] canvas').waitFor();
    }
    for (const [query, part] of [
      ['', 'sensor-card'],
      ['?add', 'name'],
    ] as const) {
      await page.goto(`/dashboard/garden${query}`);
      await page.byTest(part).first().waitFor();
      await page.checkAccess();
    }
    await page.choose('English');
    await page.choose('Light');
  });

  it('adds a sensor, whose QR code and program work as they are shown', async () => {
    const frames: string[] = [];
    page.page.once('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => void frames.push(String(payload)));
    });
    await page.goto();
    await page.byTest('add').click();
    await page.byTest('name').fill('Basil');
    await page.byTest('register').click();
    const key = (await page.byTest('key').textContent()) ?? '';
    ripe.keepSecret(key);
    await page.byTest('own-address').filter({ hasText: '127.0.0.1 is this computer alone' }).waitFor();
    const answer = await until(() => frames.find((frame) => frame.includes(key)));
    const [{ body }] = JSON.parse(answer.slice(answer.indexOf('['))) as [{ body: string }];
    for (const scheme of ['light', 'dark'] as const) {
      await page.page.emulateMedia({ colorScheme: scheme });
      assert.equal(await readQr(page.byTest('qr')), body);
    }
    await page.page.emulateMedia({ colorScheme: 'light' });
    for (const width of WIDTHS) {
      await page.setWidth(width);
      await page.checkWidth();
    }
    await page.checkAccess();
    const [publish = ''] = ((await page.byTest('snippet').textContent()) ?? '').split('# What');
    await promisify(execFile)('sh', ['-c', publish]);
    await page.byTest('open').click();
    await page.page.locator('.ripe-tile', { hasText: '42%' }).waitFor();
  });

  it('warns while no broker is connected', async () => {
    await page.goto();
    await page.cards.first().waitFor();
    assert.equal(await page.byTest('no-broker').count(), 0);
    await mosquitto.kill();
    await page.byTest('no-broker').waitFor();
    await page.checkAccess();
    await mosquitto.start();
    await page.byTest('no-broker').waitFor({ state: 'detached', timeout: 30_000 });
  });

  it('lives through a deploy of the whole flow', async () => {
    const headers = {
      Authorization: `Bearer ${await ripe.adminToken()}`,
      'Node-RED-Deployment-Type': 'full',
    };
    const flows = JSON.parse((await curl(ripe, 'GET', '/red/flows', { headers })).text);
    assert.equal((await curl(ripe, 'POST', '/red/flows', { headers, body: flows })).status, 204);
    await page.byTest('add').click();
    // The dashboard draws its pages anew, which may take a form from under a hand.
    const key = await eventually(async () => {
      if ((await page.byTest('key').count()) === 0) {
        await page.byTest('name').fill('Parsley', { timeout: 5_000 });
        await page.byTest('register').click({ timeout: 5_000 });
      }
      return page.byTest('key').textContent({ timeout: 10_000 });
    }, 40_000);
    ripe.keepSecret(key ?? '');
  });

  it('asks nothing of the world outside, and has no errors', () => {
    assert.deepEqual([page.strangers, page.errors], [[], []]);
  });

  it('ends with the logout', async () => {
    await page.page.locator('.ripe-menu__button').click();
    await page.page.locator('.ripe-menu__item', { hasText: 'Log out' }).click();
    await page.page.locator('#password').waitFor();
    await page.goto();
    await page.page.locator('#password').waitFor();
  });
});
