import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { launchBrowser } from '../../scripts/lib/browser.ts';
import { ensureDist, ROOT } from '../support/dist.ts';
import { EditorPage } from '../support/editor-page.ts';
import { eventually } from '../support/eventually.ts';
import { type Subscriber, useSubscribers } from '../support/mosquitto-clients.ts';
import type { NodeRedProcess } from '../support/node-red-process.ts';
import { READER, startEmptyNodeRed } from '../support/palette.ts';
import { readFlow, recipe } from '../support/recipes.ts';
import { useSimulatedGarden } from '../support/simulated-garden.ts';
import { registerSensor, type TestSensor } from '../support/test-sensor.ts';

/** Long enough for a busy machine to see it in the sidebar, which asks every two seconds. */
const RUN_S = 15;
/** A debug node of the bundled flow, which this garden has not got. */
const EVENTS = 'ripe.debug.events';
const PUMP = 'Basil · 01_Water';

describe('the RIPE sidebar beside a running garden', function () {
  this.timeout(90_000);
  const subscribe = useSubscribers();
  const garden = useSimulatedGarden();
  let nodeRed: NodeRedProcess;
  let browser: Browser;
  let editor: EditorPage;
  let sidebar: Locator;
  let basil: TestSensor;

  before('start Node-RED with simulated plants and one plant more, and open its editor', async () => {
    ensureDist();
    const flow = [
      ...readFlow('flows/ripe.json').filter(({ id }) => id !== EVENTS),
      ...recipe('force', { 'force.water': { duration: `${RUN_S}` } }),
    ];
    [nodeRed, browser] = await Promise.all([startEmptyNodeRed({ nodesDir: [ROOT], flow }), launchBrowser()]);
    basil = await registerSensor(nodeRed, 'Basil');
    await basil.addAgent('01_Water', 'ThresholdAgent');
    garden.start(nodeRed.url, 2, 60);
    editor = await EditorPage.open(browser, nodeRed.url);
    await editor.logIn();
    await editor.showFlow('force.tab');
    sidebar = await editor.sidebar();
    await plant(sidebar).waitFor();
  });
  after('close everything', async () => {
    await browser?.close();
    await nodeRed?.stop();
  });

  const row = (section: number, name: string, within: Locator) =>
    within.locator('.ripe-section').nth(section).locator('.ripe-list > li', { hasText: name });
  const job = () => row(0, PUMP, sidebar);
  const plant = (within: Locator) => row(1, 'Basil', within);
  const commands = async (): Promise<Subscriber> => {
    const subscriber = await subscribe(basil.broker, basil.topic('cmd'));
    await subscriber.settle('00');
    return subscriber;
  };
  const secondsLeft = async () => {
    const [, minutes, seconds] = /(\d+):(\d\d)/.exec((await job().textContent()) ?? '') ?? [];
    assert.ok(minutes !== undefined, 'the time that is left');
    return Number(minutes) * 60 + Number(seconds);
  };

  it('shows a pump that a flow has turned on, with the time that is left, and that it has gone off', async () => {
    const pump = await commands();
    await editor.pressInject('force.run');
    await pump.expect('01');
    await job().waitFor();
    const before = await secondsLeft();
    assert.ok(before > 0 && before <= RUN_S, `${before} s`);
    await eventually(async () => assert.ok((await secondsLeft()) < before));
    assert.match((await plant(sidebar).textContent()) ?? '', /on · 0:/);
    await job().waitFor({ state: 'detached' });
    await pump.expect('00');
    await eventually(async () => assert.match((await plant(sidebar).textContent()) ?? '', /01_Water ?off/));
  });

  for (const key of ['Enter', 'Space'])
    it(`stops a pump by its button and ${key}`, async () => {
      const pump = await commands();
      await editor.pressInject('force.long');
      await pump.expect('01');
      const stop = job().getByRole('button', { name: `Stop ${PUMP}` });
      await stop.focus();
      // The list is drawn anew meanwhile: who is at a button stays there.
      const before = await secondsLeft();
      await eventually(async () => assert.ok((await secondsLeft()) <= before - 3));
      await editor.page.keyboard.press(key);
      await pump.expect('00');
      await job().waitFor({ state: 'detached' });
    });

  it('stops a pump by its button and the mouse, where the agent is shown', async () => {
    const pump = await commands();
    await editor.pressInject('force.long');
    await pump.expect('01');
    await plant(sidebar).getByRole('button', { name: 'Stop 01_Water' }).click();
    await pump.expect('00');
  });

  it('is walked through with Tab in the order in which it is read, and shows where one is', async () => {
    // Jobs come and go: what is walked through stays as it is meanwhile.
    await editor.page.route('**/ripe/gardens/**', (route) => route.abort());
    await sidebar.getByText('Node-RED does not answer').waitFor();
    await sidebar.locator('input[type=search]').focus();
    const walked: Focused[] = [await focusedIn(editor)];
    for (;;) {
      await editor.page.keyboard.press('Tab');
      const next = await focusedIn(editor);
      if (next.place < 0) break;
      walked.push(next);
    }
    const { length } = walked;
    assert.ok(length > 8, `${length} stops`);
    assert.deepEqual(
      walked.map(({ place }) => place),
      [...walked.keys()],
      'every one, in order',
    );
    for (const { name, outline } of walked) {
      assert.notEqual(name.trim(), '', 'has a name');
      assert.ok(outline, `${name} shows its focus`);
    }
    await editor.page.unroute('**/ripe/gardens/**');
  });

  it('shows who may only read neither buttons nor a key', async () => {
    const reader = await EditorPage.open(browser, nodeRed.url);
    await reader.logIn(READER);
    const theirs = await reader.sidebar();
    await plant(theirs).waitFor();
    await eventually(async () => assert.match((await theirs.textContent()) ?? '', /tomato 1.*moisture \d/i));
    assert.equal(await theirs.locator('button:visible').count(), 0);
    assert.ok(!(await reader.page.content()).includes(basil.key));
    assert.deepEqual(reader.troubles, []);
    await reader.page.close();
  });

  it('shows a key to who asks for it and may deploy, until the next press', async () => {
    const press = plant(sidebar).getByRole('button', { name: 'Show key' });
    assert.ok(!(await editor.page.content()).includes(basil.key));
    await press.click();
    await plant(sidebar).getByText(basil.key, { exact: true }).waitFor();
    await plant(sidebar).getByRole('button', { name: 'Hide key' }).click();
    await press.waitFor();
    assert.ok(!(await editor.page.content()).includes(basil.key));
    assert.deepEqual(editor.troubles, []);
  });

  it('says what a changed copy of the flow lacks of a newer one, until it is read', async () => {
    const notice = sidebar.getByText('Yours lacks: events (debug)');
    assert.equal(await notice.isVisible(), false);
    writeFileSync(path.join(nodeRed.folder, 'ripe-flow.origin'), 'the hash of an older one');
    await notice.waitFor();
    await sidebar.getByRole('button', { name: 'Leave mine' }).click();
    await notice.waitFor({ state: 'hidden' });
  });
});

interface Focused {
  /** Among what can have the focus in the sidebar; -1: it is elsewhere. */
  readonly place: number;
  readonly name: string;
  readonly outline: boolean;
}

async function focusedIn(editor: EditorPage): Promise<Focused> {
  return (await editor.page.evaluate(`(() => {
    const all = [...document.querySelectorAll('.ripe-sidebar :is(input, select, summary, button)')]
      .filter((each) => each.checkVisibility());
    const now = document.activeElement;
    const { outlineStyle, outlineWidth, borderColor } = getComputedStyle(now);
    const unfocused = now.matches('input') && getComputedStyle(now.cloneNode()).borderColor;
    return {
      place: all.indexOf(now),
      name: now.getAttribute('aria-label') ?? now.textContent,
      outline: (outlineStyle !== 'none' && outlineWidth !== '0px') || (unfocused !== false && borderColor !== unfocused),
    };
  })()`)) as Focused;
}
