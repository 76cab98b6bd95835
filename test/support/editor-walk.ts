import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { ROOT } from './dist.ts';
import type { EditorPage } from './editor-page.ts';
import { eventually } from './eventually.ts';
import type { NodeRedProcess } from './node-red-process.ts';
import type { Palette } from './palette.ts';

/** What the import dialog and the palette offer. */
export const TYPES = readdirSync(path.join(ROOT, 'nodes')).filter((name) => name !== 'shared');
const PLANTS = 2;

export interface EditorSite {
  readonly nodeRed: NodeRedProcess;
  readonly palette: Palette;
  readonly editor: EditorPage;
}

/** Tests of an editor that is open, with the bundled flow in it and so many sensors registered. */
export function walkEditor(site: () => EditorSite, others: number): void {
  let sidebar: Locator;
  let plants: ChildProcess | undefined;

  const known = async () => {
    const { sensors } = (await site().palette.call('GET', '/ripe/gardens/ripe.garden/choices')) as {
      sensors: unknown[];
    };
    return sensors;
  };

  after('end the simulated plants', () => void plants?.kill('SIGINT'));

  it('shows simulated plants in its sidebar, and follows them', async () => {
    const args = [
      'scripts/simulate/main.ts',
      '--url',
      site().nodeRed.url,
      '--sensors',
      `${PLANTS}`,
      '--speed',
      '60',
    ];
    plants = spawn(process.execPath, args, { cwd: ROOT, stdio: 'ignore' });
    sidebar = await site().editor.sidebar();
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
    await site().editor.page.evaluate(
      "RED.sidebar.show('debug'); document.querySelector('.ripe-sidebar').style.display = 'none'",
    );
    await site().editor.page.waitForTimeout(500);
    site().editor.page.on('request', note);
    await site().editor.page.waitForTimeout(3_000);
    site().editor.page.off('request', note);
    assert.deepEqual(asked, []);
    await site().editor.page.evaluate("document.querySelector('.ripe-sidebar').style.display = ''");
    await site().editor.sidebar();
  });

  it('opens and saves the dialog of every node, and deploys what it has saved', async () => {
    await site().editor.importExample('force');
    await site().editor.importExample('agent-of-wires');
    await site().editor.importExample('sensor');
    const ids = (await site().editor.page.evaluate(`[...new Map(
      [...RED.nodes.filterNodes({}), ...(() => { const all = []; RED.nodes.eachConfig((node) => { all.push(node); }); return all; })()]
        .filter(({ type }) => type.startsWith('ripe-')).map(({ id, type }) => [type, id])
    )]`)) as [string, string][];
    assert.deepEqual(ids.map(([type]) => type).sort(), TYPES.map((name) => `ripe-${name}`).sort());
    for (const [, id] of ids) await site().editor.edit(id);
    await site().editor.deploy();
    const wrong = await site().editor.page.evaluate(
      "RED.nodes.filterNodes({}).filter(({ type, valid }) => type.startsWith('ripe-') && !valid).map(({ id }) => id)",
    );
    assert.deepEqual(wrong, []);
    assert.deepEqual(site().editor.troubles, []);
    await eventually(async () => assert.equal((await known()).length, PLANTS + others));
  });
}
