// Renews the pictures of docs/images from a running RIPE: `npm run screenshots` (needs Debian's chromium and tmux), or some of
// them: `npm run screenshots -- recipes editor`.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './lib/browser.ts';
import { plantDemoGarden } from './lib/demo-garden.ts';
import { shootEditor, shootRecipes } from './lib/editor-pictures.ts';
import { terminalPicture } from './lib/terminal-picture.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const IMAGES = path.join(ROOT, 'docs', 'images');
const PORT = '18899';
const MQTT_PORT = '18898';
const DASHBOARD_PASSWORD = 'demo';
const BASE = `http://127.0.0.1:${PORT}`;

function startRipe(dataDir: string): ChildProcess {
  const env = {
    ...process.env,
    PORT,
    RIPE_MQTT_PORT: MQTT_PORT,
    RIPE_HOST: '127.0.0.1',
    RIPE_DATA_DIR: dataDir,
    RIPE_DASHBOARD_PASSWORD: DASHBOARD_PASSWORD,
  };
  return spawn(process.execPath, ['scripts/start.js'], { cwd: ROOT, env, stdio: 'ignore' });
}

async function untilHealthy(): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const isHealthy = await fetch(`${BASE}/api/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (isHealthy) return;
    await pause(200);
  }
  throw new Error('RIPE does not answer');
}

/** An editor that is logged in, by the administrator token. */
async function openEditor(browser: Browser, token: string, width: number, height: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height } });
  await page.goto(`${BASE}/red/?access_token=${token}`);
  await page.waitForSelector('.red-ui-palette-node');
  await page.waitForSelector('.red-ui-flow-node');
  await pause(3_000);
  return page;
}

async function shootFlow(browser: Browser, token: string): Promise<void> {
  const page = await openEditor(browser, token, 2120, 1980);
  await page.evaluate("RED.actions.invoke('core:toggle-sidebar')");
  await page.evaluate("RED.actions.invoke('core:toggle-palette')");
  await pause(500);
  await page.screenshot({
    path: path.join(IMAGES, 'flow.png'),
    clip: { x: 0, y: 40, width: 2060, height: 1850 },
  });
  await page.close();
}

/** The simulated garden when its first tomato is being watered. */
async function shootSimulation(browser: Browser): Promise<void> {
  const command = `${process.execPath} scripts/simulate/main.ts --url ${BASE} --sensors 3 --speed 60`;
  const html = await terminalPicture(command, { x: 100, y: 12 }, 9_000);
  const page = await browser.newPage({ viewport: { width: 960, height: 232 }, deviceScaleFactor: 1.5 });
  await page.setContent(html);
  await page.screenshot({ path: path.join(IMAGES, 'simulate.png') });
  await page.close();
}

/** The demo garden on a phone, and one of its beds on a desktop. */
async function shootGarden(browser: Browser): Promise<void> {
  const context = await browser.newContext({ locale: 'en-GB', deviceScaleFactor: 1.5 });
  const page = await context.newPage();
  await page.goto(`${BASE}/dashboard/login`);
  await page.fill('#password', DASHBOARD_PASSWORD);
  await page.click('button[type=submit]');
  const shoot = async (place: string, name: string, width: number, height: number) => {
    await page.setViewportSize({ width, height });
    await page.goto(`${BASE}/dashboard/garden${place}`);
    await page.waitForSelector(place === '' ? '.ripe-spark' : '[data-metric=moisture] canvas');
    await pause(1_500);
    await page.screenshot({ path: path.join(IMAGES, name) });
  };
  await shoot('?sensor=2', 'sensor-desktop.png', 1280, 860);
  await page.click('[data-test=run]');
  await page.waitForSelector('[data-test=stop]');
  await shoot('', 'garden-phone.png', 390, 844);
  await page.click('[data-test=sensor-card]:has-text("Basil")');
  await page.click('[data-test=stop]');
  await context.close();
}

const dataDir = await mkdtemp(path.join(tmpdir(), 'ripe-screenshots-'));
await plantDemoGarden(dataDir, Date.now());
const ripe = startRipe(dataDir);
const browser = await launchBrowser();
try {
  await untilHealthy();
  const token = (await readFile(path.join(dataDir, 'admin-token'), 'utf8')).trim();
  const studio = { browser, url: BASE, token, images: IMAGES };
  const pictures: Record<string, () => Promise<void>> = {
    flow: () => shootFlow(browser, token),
    garden: () => shootGarden(browser),
    simulate: () => shootSimulation(browser),
    // These deploy other flows meanwhile.
    recipes: () => shootRecipes(studio),
    editor: () => shootEditor(studio),
  };
  const wanted = process.argv.slice(2);
  for (const [name, shoot] of Object.entries(pictures))
    if (wanted.length === 0 || wanted.includes(name)) await shoot();
} finally {
  await browser.close();
  ripe.kill('SIGTERM');
  await new Promise((resolve) => ripe.once('exit', resolve));
  await rm(dataDir, { recursive: true, force: true });
}
