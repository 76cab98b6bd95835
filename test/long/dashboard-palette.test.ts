import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../scripts/lib/browser.ts';
import { curl } from '../support/curl.ts';
import { eventually } from '../support/eventually.ts';
import { GardenPage } from '../support/garden-page.ts';
import type { NodeRedProcess } from '../support/node-red-process.ts';
import { Palette, startEmptyNodeRed, useTarballs, WIDGET } from '../support/palette.ts';
import { registerSensor } from '../support/test-sensor.ts';

const PASSWORD = 'green thumb';
/** As dashboard/README.md tells. */
const LOGIN = `
const { createAccess } = require('${WIDGET}/access');
module.exports.dashboard = createAccess({
  authenticate: (given) => given === ${JSON.stringify(PASSWORD)},
  credential: ${JSON.stringify(PASSWORD)},
  sessionFile: __dirname + '/dashboard-sessions.json',
});`;

describe('the garden page from the palette of a Node-RED of one’s own', function () {
  this.timeout(180_000);
  const tarballs = useTarballs();
  let nodeRed: NodeRedProcess;
  let palette: Palette;
  let browser: Browser;
  let page: GardenPage;

  before('start an empty Node-RED', async () => {
    [nodeRed, browser] = await Promise.all([startEmptyNodeRed(), launchBrowser()]);
    palette = new Palette(nodeRed);
    await palette.logIn();
  });
  after('stop Node-RED', async () => {
    await browser?.close();
    await nodeRed?.stop();
  });

  it('takes the dashboard, RIPE and the widget, each from its tarball', async () => {
    for (const tarball of [await tarballs.dashboard(), await tarballs.ripe(), await tarballs.widget()])
      await palette.upload(tarball);
    const sets = (await palette.call('GET', '/nodes')) as { module: string; err?: string; types: string[] }[];
    assert.deepEqual(
      sets.flatMap(({ err }) => err ?? []),
      [],
    );
    assert.ok(sets.some(({ module, types }) => module === WIDGET && types.includes('ui-ripe-garden')));
  });

  it('takes the login into its settings, and starts again with it', async () => {
    await appendFile(path.join(nodeRed.folder, 'settings.js'), LOGIN);
    await nodeRed.crash();
    await palette.logIn();
  });

  it('takes the example, which is RIPE’s flow with the page', async () => {
    const example = await palette.call('GET', `/library/examples/flows/${WIDGET}/garden-page`);
    await palette.deploy(example as object[]);
    await eventually(
      async () => assert.equal((await curl(nodeRed, 'GET', '/api/health')).status, 200),
      15_000,
    );
    assert.deepEqual(nodeRed.logged('error'), []);
    assert.ok(!nodeRed.lines.some((line) => line.includes('third party')));
  });

  it('shows nobody anything without the password', async () => {
    page = await GardenPage.open(browser, { url: nodeRed.url });
    for (const place of ['/dashboard/_setup', '/dashboard/manifest.webmanifest'])
      assert.equal((await curl(nodeRed, 'GET', place)).status, 401, place);
    await page.goto();
    await page.page.locator('#password').waitFor();
  });

  it('shows the garden to who has it, and waters a bed', async () => {
    const sensor = await registerSensor(nodeRed, 'Basil');
    await sensor.addAgent('01_Water', 'ThresholdAgent');
    await sensor.postData({ moisture: 42 });
    await page.logIn(PASSWORD);
    await page.cards.filter({ hasText: /Basil.*42%.*Water/ }).waitFor();
    await page.openSensor('Basil');
    await page.byTest('run').click();
    await page.byTest('outcome').filter({ hasText: 'Switched on by hand for 5 min.' }).waitFor();
    await page.byTest('stop').click();
    await page.byTest('agent-state').filter({ hasText: 'Ready' }).waitFor();
    assert.deepEqual([page.strangers, page.errors], [[], []]);
  });
});
