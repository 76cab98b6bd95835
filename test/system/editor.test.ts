import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { launchBrowser } from '../../scripts/lib/browser.ts';
import { curl } from '../support/curl.ts';
import { ROOT } from '../support/dist.ts';
import { EditorPage } from '../support/editor-page.ts';
import { eventually } from '../support/eventually.ts';
import type { NodeRedProcess } from '../support/node-red-process.ts';
import { Palette, startEmptyNodeRed, useTarballs } from '../support/palette.ts';

const TYPES = readdirSync(path.join(ROOT, 'nodes')).filter((name) => name !== 'shared');

describe('the editor of a Node-RED with RIPE from its tarball', function () {
  this.timeout(120_000);
  const tarballs = useTarballs();
  let nodeRed: NodeRedProcess;
  let palette: Palette;
  let browser: Browser;
  let editor: EditorPage;
  let sidebar: Locator;
  let plants: ChildProcess | undefined;

  const sensors = async () => {
    const { sensors: known } = (await palette.call('GET', '/ripe/gardens/ripe.garden/choices')) as {
      sensors: { id: number; name: string }[];
    };
    return known;
  };

  before('install it, and open the editor', async () => {
    [nodeRed, browser] = await Promise.all([startEmptyNodeRed(), launchBrowser()]);
    palette = new Palette(nodeRed);
    await palette.logIn();
    await palette.upload(await tarballs.ripe());
    editor = await EditorPage.open(browser, nodeRed.url);
    await editor.logIn();
  });
  after('close everything', async () => {
    plants?.kill('SIGINT');
    await browser?.close();
    await nodeRed?.stop();
  });

  it('has all nodes in its palette, under RIPE', async () => {
    const filter = editor.page.locator('#red-ui-palette-search input');
    await filter.pressSequentially('ripe-');
    const shown = () => editor.page.locator('.red-ui-palette-node[data-palette-type^="ripe-"]:visible');
    await eventually(async () => assert.equal(await shown().count(), TYPES.length - 2), 10_000);
    await filter.fill('');
    assert.equal(await editor.page.locator('#red-ui-palette-container-RIPE').count(), 1);
  });

  it('takes the bundled flow from its import dialog; all is kept in the user directory', async () => {
    await editor.importExample('ripe');
    await editor.deploy();
    await eventually(async () => assert.equal((await curl(nodeRed, 'GET', '/api/health')).status, 200));
    await eventually(() => assert.ok(existsSync(path.join(nodeRed.folder, 'ripe.db'))));
  });

  it('shows simulated plants in its sidebar, and follows them', async () => {
    const args = ['scripts/simulate/main.ts', '--url', nodeRed.url, '--sensors', '2', '--speed', '60'];
    plants = spawn(process.execPath, args, { cwd: ROOT, stdio: 'ignore' });
    sidebar = await editor.sidebar();
    const tomato = sidebar
      .locator('.ripe-section')
      .nth(1)
      .locator('.ripe-list > li', { hasText: 'tomato 1' });
    const moisture = () => tomato.locator('.ripe-metrics').textContent();
    await tomato.waitFor({ timeout: 20_000 });
    const before = await eventually(async () => {
      const text = await moisture();
      assert.match(text ?? '', /moisture \d/);
      return text;
    }, 15_000);
    await eventually(async () => assert.notEqual(await moisture(), before), 15_000);
    assert.match((await tomato.locator('.ripe-agents').textContent()) ?? '', /01_Water/);
    await eventually(async () => assert.match((await sidebar.textContent()) ?? '', /Embedded broker/));
  });

  it('asks nothing while nobody can see it', async () => {
    const asked: string[] = [];
    const note = (request: { url(): string }) => {
      if (request.url().includes('/ripe/gardens/')) asked.push(request.url());
    };
    await editor.page.evaluate(
      "RED.sidebar.show('debug'); document.querySelector('.ripe-sidebar').style.display = 'none'",
    );
    await editor.page.waitForTimeout(500);
    editor.page.on('request', note);
    await editor.page.waitForTimeout(3_000);
    editor.page.off('request', note);
    assert.deepEqual(asked, []);
    await editor.page.evaluate("document.querySelector('.ripe-sidebar').style.display = ''");
    await editor.sidebar();
  });

  it('opens and saves the dialog of every node, and deploys what it has saved', async () => {
    await editor.importExample('force');
    await editor.importExample('agent-of-wires');
    await editor.importExample('sensor');
    const ids = (await editor.page.evaluate(`[...new Map(
      [...RED.nodes.filterNodes({}), ...(() => { const all = []; RED.nodes.eachConfig((node) => { all.push(node); }); return all; })()]
        .filter(({ type }) => type.startsWith('ripe-')).map(({ id, type }) => [type, id])
    )]`)) as [string, string][];
    assert.deepEqual(ids.map(([type]) => type).sort(), TYPES.map((name) => `ripe-${name}`).sort());
    for (const [, id] of ids) await editor.edit(id);
    await editor.deploy();
    const wrong = await editor.page.evaluate(
      "RED.nodes.filterNodes({}).filter(({ type, valid }) => type.startsWith('ripe-') && !valid).map(({ id }) => id)",
    );
    assert.deepEqual(wrong, []);
    assert.deepEqual(editor.troubles, []);
    await eventually(async () => assert.equal((await sensors()).length, 2));
  });
});
