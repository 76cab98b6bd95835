import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { onWire, type RecipeNode, readFlow } from '../../test/support/recipes.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** A running RIPE, and where its pictures go. */
export interface Studio {
  readonly browser: Browser;
  readonly url: string;
  /** The administrator token. */
  readonly token: string;
  readonly images: string;
}

const RECIPES = [
  'message-when-dry',
  'two-beds-one-pump',
  'grow-light',
  'silent-sensor',
  'job-runner',
  'broker-pool',
  'agent-of-wires',
  'force',
];
/** What is seen of the recipes that stand on a wire of the bundled flow. */
const ON_WIRES = {
  'rain-check': [
    'ripe.runtime',
    'ripe.runner',
    'rain.note',
    'rain.check',
    'rain.wet',
    'rain.dry',
    'rain.set',
  ],
  calibration: ['ripe.pool', 'ripe.runtime', 'calibrate.note', 'calibrate.probe'],
};
const MARGIN = 30;
const PATIENCE_MS = 120_000;

/** Every recipe as it stands in the editor. */
export async function shootRecipes(studio: Studio): Promise<void> {
  const bundled = readFlow('flows/ripe.json');
  let flow = [...bundled, ...Object.keys(ON_WIRES).flatMap((name) => readFlow(`examples/${name}.json`))];
  flow = onWire(flow, 'rain.check', 'ripe.runtime', 1, 'ripe.runner');
  flow = onWire(flow, 'calibrate.probe', 'ripe.pool', 0, 'ripe.runtime');
  const recipes = RECIPES.map((name) => ({ name, nodes: readFlow(`examples/${name}.json`) }));
  await deploy(studio, [...flow, ...recipes.flatMap(({ nodes }) => nodes)]);
  const page = await openFlows(studio, 1900, 1000);
  for (const { name, nodes } of recipes)
    await shootNodes(
      studio,
      page,
      name,
      nodes.map(({ id }) => id),
    );
  for (const [name, ids] of Object.entries(ON_WIRES)) await shootNodes(studio, page, name, ids);
  await page.close();
  await deploy(studio, bundled);
}

/** The editor with the sidebar while the simulated garden runs, at both widths, light and dark. */
export async function shootEditor(studio: Studio): Promise<void> {
  const args = ['scripts/simulate/main.ts', '--url', studio.url, '--sensors', '3', '--speed', '60'];
  const plants = spawn(process.execPath, args, { cwd: ROOT, stdio: 'ignore' });
  try {
    for (const [width, theme] of [
      [1280, 'light'],
      [800, 'dark'],
    ] as const) {
      const page = await studio.browser.newPage({ viewport: { width, height: 900 }, colorScheme: theme });
      page.setDefaultTimeout(PATIENCE_MS);
      await page.goto(`${studio.url}/red/?access_token=${studio.token}`);
      await page.waitForSelector('.red-ui-flow-node');
      await page.evaluate(`document.documentElement.classList.toggle('nr-theme-dark', ${theme === 'dark'})`);
      // Without the palette there is room for the flow; without the debug messages for the garden.
      await page.evaluate(
        "RED.actions.invoke('core:toggle-palette'); RED.actions.invoke('ripe:show-sidebar')",
      );
      await page.locator('.ripe-sidebar').waitFor();
      await growSidebar(page);
      await page.locator('.ripe-section').first().locator('li').first().waitFor();
      await pause(500);
      await page.screenshot({ path: path.join(studio.images, `editor-${width}.png`) });
      await page.close();
    }
  } finally {
    plants.kill('SIGINT');
    await new Promise((resolve) => plants.once('exit', resolve));
  }
}

/** Node-RED 5 shows two tabs one below the other: the lower one gives way. */
async function growSidebar(page: Page): Promise<void> {
  await page.evaluate(`{
    const content = document.querySelector('.ripe-sidebar');
    for (let box = content; box !== null && box !== document.body; box = box.parentElement) {
      const next = box.parentElement?.children ?? [];
      const sections = [...next].filter((each) => /sidebar-section|sidebar-tab-panel|red-ui-sidebar-(top|bottom)/.test(each.className));
      if (sections.length > 1) for (const each of sections) each.style.height = each === box ? '75%' : '25%';
    }
  }`);
}

async function deploy({ url, token }: Studio, flow: readonly RecipeNode[]): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const answer = await fetch(`${url}/red/flows`, { method: 'POST', headers, body: JSON.stringify(flow) });
  if (!answer.ok) throw new Error(`the flow was refused: ${answer.status}`);
  await pause(2_000);
}

async function openFlows({ browser, url, token }: Studio, width: number, height: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height } });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${url}/red/?access_token=${token}`);
  await page.waitForSelector('.red-ui-flow-node');
  await page.evaluate("RED.actions.invoke('core:toggle-sidebar'); RED.actions.invoke('core:toggle-palette')");
  await pause(2_000);
  return page;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

async function shootNodes(
  { images }: Studio,
  page: Page,
  name: string,
  ids: readonly string[],
): Promise<void> {
  const list = JSON.stringify(ids);
  await page.evaluate(`{
    const nodes = ${list}.map((id) => RED.nodes.node(id)).filter((node) => node && node.z);
    RED.workspaces.show(nodes[0].z);
    RED.view.select({ nodes: [] });
  }`);
  await pause(1_500);
  const clip = (await page.evaluate(`(() => {
    const chart = document.querySelector('#red-ui-workspace-chart');
    chart.scrollTo(0, 0);
    const boxes = ${list}.map((id) => document.getElementById(id)).filter(Boolean).map((node) => node.getBoundingClientRect());
    const place = chart.getBoundingClientRect();
    const left = Math.max(place.left, Math.min(...boxes.map((box) => box.left)) - ${MARGIN});
    const top = Math.max(place.top, Math.min(...boxes.map((box) => box.top)) - ${MARGIN});
    const right = Math.max(...boxes.map((box) => box.right)) + ${MARGIN};
    const bottom = Math.max(...boxes.map((box) => box.bottom)) + ${MARGIN};
    return { x: left, y: top, width: right - left, height: bottom - top };
  })()`)) as Box;
  await page.screenshot({ path: path.join(images, `recipe-${name}.png`), clip });
}
