import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../scripts/lib/browser.ts';
import { accepted, curl } from '../support/curl.ts';
import { EditorPage } from '../support/editor-page.ts';
import { TYPES, walkEditor } from '../support/editor-walk.ts';
import { eventually } from '../support/eventually.ts';
import { heldBy, walkUpdateAndRemoval } from '../support/install-walk.ts';
import { type Subscriber, useSubscribers } from '../support/mosquitto-clients.ts';
import type { NodeRedProcess } from '../support/node-red-process.ts';
import { FROST_GUARD, Palette, startEmptyNodeRed, useTarballs } from '../support/palette.ts';
import { range, registerSensor, type TestSensor } from '../support/test-sensor.ts';

const SHIPPED = ['PercentAgent', 'TestAgent', 'ThresholdAgent', 'TimeAgent'];
/** The next version waits until it is a degree colder, and says so. */
const colder = (code: string): string =>
  code
    .replace('if (temperature < limit)', 'if (temperature < limit - 1)')
    .replace('frosts: $', 'nights of frost: $');
const broken = (code: string): string => `${code}\n}`;

describe('the palette of a running Node-RED', function () {
  this.timeout(120_000);
  const tarballs = useTarballs();
  const subscribe = useSubscribers();
  let nodeRed: NodeRedProcess;
  let palette: Palette;
  let browser: Browser;
  let editor: EditorPage;
  let sensor: TestSensor;
  let heldBefore: string[];
  const frostGuard: Record<string, string> = {};

  const agentTypes = async () => accepted<string[]>(await curl(nodeRed, 'GET', '/api/agent')).toSorted();
  const untilTypes = (...own: string[]) =>
    eventually(async () => assert.deepEqual(await agentTypes(), [...SHIPPED, ...own].toSorted()), 15_000);
  const rendered = async (domain: string) => (await sensor.agentStatus(domain)).ui.rendered;
  /** The version that made the latest decision of the frost guard. */
  const decidedBy = async () => {
    const hour = 3_600_000;
    const query = range(Date.now() - hour, Date.now() + hour);
    const answer = await sensor.sensor('GET', `/decision?${query}`);
    const decisions = accepted<{ at: string; domain: string; version: string }[]>(answer);
    const own = decisions.filter(({ domain }) => domain === '02_Heat');
    return own.sort((a, b) => a.at.localeCompare(b.at)).at(-1)?.version;
  };
  const isWatering = async () => {
    const { state } = (await sensor.agentStatus('01_Water')).ui;
    return typeof state === 'object' && 'Forced' in state;
  };
  const vectors = async (): Promise<Subscriber> => subscribe(sensor.broker, sensor.topic('cmd'));

  before('pack RIPE and three versions of the frost guard, and start an empty Node-RED', async () => {
    const [started, launched] = await Promise.all([
      startEmptyNodeRed({ nodesDir: [await tarballs.probe()] }),
      launchBrowser(),
      tarballs.frostGuard('1.0.0').then((file) => (frostGuard['1.0.0'] = file)),
    ]);
    [nodeRed, browser] = [started, launched];
    frostGuard['1.1.0'] = await tarballs.frostGuard('1.1.0', colder);
    frostGuard['1.2.0'] = await tarballs.frostGuard('1.2.0', broken);
    palette = new Palette(nodeRed);
    await palette.logIn();
    heldBefore = await heldBy(palette);
  });
  after('stop Node-RED', async () => {
    await browser?.close();
    await nodeRed?.stop();
  });

  describe('by its admin HTTP API', () => {
    it('takes RIPE from its own tarball: all nodes are in the palette, under RIPE', async () => {
      await palette.upload(await tarballs.ripe());
      editor = await EditorPage.open(browser, nodeRed.url);
      await editor.logIn();
      await editor.page.locator('#red-ui-palette-search input').pressSequentially('ripe-');
      const shown = () => editor.page.locator('.red-ui-palette-node[data-palette-type^="ripe-"]:visible');
      // The garden and its brokers are config nodes.
      await eventually(async () => assert.equal(await shown().count(), TYPES.length - 2), 10_000);
      await editor.page.locator('#red-ui-palette-search input').fill('');
      assert.equal(await editor.page.locator('#red-ui-palette-container-RIPE').count(), 1);
    });

    it('takes the bundled flow from the import dialog; all is kept in the user directory', async () => {
      await editor.importExample('ripe');
      await editor.deploy();
      await eventually(async () => assert.equal((await curl(nodeRed, 'GET', '/api/health')).status, 200));
      await eventually(() => assert.ok(existsSync(path.join(nodeRed.folder, 'ripe.db'))));
      await untilTypes();
    });

    it('takes a plugin, whose agents work at once: no deploy, no restart', async () => {
      await palette.upload(frostGuard['1.0.0'] ?? '');
      await untilTypes('FrostGuard');
      sensor = await registerSensor(nodeRed, 'Greenhouse');
      await sensor.addAgent('01_Water', 'ThresholdAgent');
      await sensor.addAgent('02_Heat', 'FrostGuard');
      const commands = await vectors();
      await commands.settle('0000');
      // It runs through all that follows, however busy the machine is.
      await sensor.command('01_Water', 3_000);
      await commands.expect('0100');
      await sensor.postData({ temperature: 2.5 });
      await commands.expect('0101');
      assert.match(await rendered('02_Heat'), /frosts: 1$/);
    });

    it('takes the next version: it decides on, with the state, while a job runs and nothing is switched', async () => {
      const commands = await vectors();
      await commands.settle('0101');
      await palette.upload(frostGuard['1.1.0'] ?? '');
      await eventually(async () => assert.match(await rendered('02_Heat'), /nights of frost: 1$/), 15_000);
      assert.ok(await isWatering());
      await commands.silence();
      await sensor.postData({ temperature: 9 });
      await commands.expect('0100');
      await sensor.postData({ temperature: 2.5 });
      await commands.silence();
      await sensor.postData({ temperature: 1.5 });
      await commands.expect('0101');
      assert.match(await rendered('02_Heat'), /nights of frost: 2$/);
      assert.equal(await decidedBy(), '1.1.0');
    });

    it('refuses a version that does not load, and leaves the good one at work', async () => {
      await palette.upload(frostGuard['1.2.0'] ?? '');
      await eventually(() => {
        assert.ok(nodeRed.logged('warn').some((line) => line.includes('1.2.0') || line.includes('refused')));
      }, 15_000);
      await sensor.postData({ temperature: 9 });
      await eventually(async () => assert.match(await rendered('02_Heat'), /^9 °C .* nights of frost: 2$/));
      assert.ok(await isWatering());
    });

    it('removes it: its agent rests with its byte, the others work on', async () => {
      await sensor.postData({ temperature: 1 });
      const commands = await vectors();
      await commands.settle('0101');
      await palette.remove(FROST_GUARD);
      await commands.expect('0100');
      await untilTypes();
      assert.equal((await sensor.agentStatus('02_Heat')).ui.state, 'Disabled');
      assert.ok(await isWatering());
    });
  });

  describe('in the editor', () => {
    it('takes the plugin back by its Install tab: the agent goes on where it was', async () => {
      // An editor that has seen a refused version come goes on offering it.
      await editor.page.reload();
      await editor.showFlow('ripe.tab');
      await editor.untilBadge('4 agent types');
      await editor.install(frostGuard['1.0.0'] ?? '');
      await untilTypes('FrostGuard');
      assert.equal(await editor.installedVersion(FROST_GUARD), '1.0.0');
      await editor.closeDialog();
      await editor.untilBadge('5 agent types');
      await eventually(async () => assert.match(await rendered('02_Heat'), /frosts: 4$/));
      assert.ok(await isWatering());
    });

    it('takes the next version, and asks for no restart, also after a reload', async () => {
      await editor.install(frostGuard['1.1.0'] ?? '');
      await eventually(async () => assert.match(await rendered('02_Heat'), /nights of frost: 4$/), 15_000);
      await editor.closeDialog();
      await editor.page.reload();
      await editor.showFlow('ripe.tab');
      await editor.untilBadge('5 agent types');
      assert.deepEqual(
        (await editor.notices()).filter((text) => /restart/i.test(text)),
        [],
      );
    });

    it('removes it', async () => {
      await editor.remove(FROST_GUARD);
      await untilTypes();
      await editor.closeDialog();
      await editor.untilBadge('4 agent types');
      assert.equal((await sensor.agentStatus('02_Heat')).ui.state, 'Disabled');
      assert.ok(await isWatering());
      assert.deepEqual(editor.strangers, [], 'nothing was asked of other hosts');
    });

    walkEditor(() => ({ nodeRed, palette, editor }), 1);
  });

  describe('RIPE itself', () => {
    before('close the editor', () => editor.page.close());
    walkUpdateAndRemoval(tarballs, () => ({ nodeRed, palette, sensor, heldBefore }));
  });
});
