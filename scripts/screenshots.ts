// Renews the pictures of docs/images from a running RIPE: `npm run screenshots` (needs Debian's chromium and tmux).
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './lib/browser.ts';
import { terminalPicture } from './lib/terminal-picture.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const IMAGES = path.join(ROOT, 'docs', 'images');
const PORT = '18899';
const MQTT_PORT = '18898';
const BASE = `http://127.0.0.1:${PORT}`;

function startRipe(dataDir: string): ChildProcess {
  const env = {
    ...process.env,
    PORT,
    RIPE_MQTT_PORT: MQTT_PORT,
    RIPE_HOST: '127.0.0.1',
    RIPE_DATA_DIR: dataDir,
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
  const page = await openEditor(browser, token, 2080, 1180);
  await page.evaluate("RED.actions.invoke('core:toggle-sidebar')");
  await page.evaluate("RED.actions.invoke('core:toggle-palette')");
  await pause(500);
  await page.screenshot({
    path: path.join(IMAGES, 'flow.png'),
    clip: { x: 0, y: 40, width: 1880, height: 1040 },
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

const dataDir = await mkdtemp(path.join(tmpdir(), 'ripe-screenshots-'));
const ripe = startRipe(dataDir);
const browser = await launchBrowser();
try {
  await untilHealthy();
  const token = (await readFile(path.join(dataDir, 'admin-token'), 'utf8')).trim();
  await shootFlow(browser, token);
  await shootSimulation(browser);
} finally {
  await browser.close();
  ripe.kill('SIGTERM');
  await new Promise((resolve) => ripe.once('exit', resolve));
  await rm(dataDir, { recursive: true, force: true });
}
