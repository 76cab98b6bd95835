import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { eventually } from './eventually.ts';
import type { NodeRedProcess } from './node-red-process.ts';
import { type Palette, RIPE, type Tarballs } from './palette.ts';
import type { RecipeNode } from './recipes.ts';
import type { TestSensor } from './test-sensor.ts';

const LATER = '0.99.0';
const NEWS = {
  id: 'ripe.news',
  type: 'comment',
  z: 'ripe.tab',
  name: 'news',
  info: '',
  x: 500,
  y: 20,
  wires: [],
};

/** What keeps its Node-RED running, as the probe of `Tarballs` tells. */
export const heldBy = async (palette: Palette): Promise<string[]> =>
  ((await palette.call('GET', '/held')) as string[]).sort();

export const setsOf = async (palette: Palette): Promise<{ version: string; err?: string }[]> => {
  const all = (await palette.call('GET', '/nodes')) as { module: string; version: string; err?: string }[];
  return all.filter(({ module }) => module === RIPE);
};

export interface InstallSite {
  readonly nodeRed: NodeRedProcess;
  readonly palette: Palette;
  /** Its agent 01_Water is being forced. */
  readonly sensor: TestSensor;
  /** What Node-RED held before RIPE was installed. */
  readonly heldBefore: readonly string[];
}

/** Tests of a RIPE that was installed from its tarball, and whose flow is as it came. */
export function walkUpdateAndRemoval(tarballs: Tarballs, site: () => InstallSite): void {
  const flow = async () => (await site().palette.call('GET', '/flows')) as RecipeNode[];

  it('is updated: its flow is renewed, other flows stay, and so do sensors and what runs', async () => {
    const { nodeRed, palette, sensor } = site();
    const mine = { id: 'mine.tab', type: 'tab', label: 'Mine', disabled: false, info: '' };
    await palette.deploy([...(await flow()), mine]);
    await palette.upload(await tarballs.laterRipe(LATER, (bundled) => [...bundled, NEWS]));
    await nodeRed.restart();
    await palette.logIn();
    assert.ok((await setsOf(palette)).every(({ version }) => version === LATER));
    const renewed = new Map((await flow()).map((node) => [node.id, node]));
    assert.deepEqual([renewed.get(NEWS.id), renewed.get(mine.id)], [NEWS, mine]);
    assert.ok(nodeRed.lines.some((line) => line.includes('its flow was as it came, and has been renewed')));
    await sensor.untilBroker();
    const { state } = (await sensor.agentStatus('01_Water')).ui;
    assert.ok(typeof state === 'object' && 'Forced' in state, 'the pump is on');
  });

  it('is removed: no node, socket, timer or process stays, and the data do', async () => {
    const { nodeRed, palette, sensor, heldBefore } = site();
    const { port } = sensor.broker;
    assert.equal(await isOpen(port), true);
    await palette.deploy([]);
    await palette.remove(RIPE);
    assert.deepEqual(await setsOf(palette), []);
    assert.equal(await isOpen(port), false);
    await eventually(async () => assert.deepEqual(await heldBy(palette), heldBefore));
    assert.ok(existsSync(path.join(nodeRed.folder, 'ripe.db')));
    assert.ok(!existsSync(path.join(nodeRed.folder, 'node_modules', RIPE)));
    await nodeRed.restart();
    assert.deepEqual([...nodeRed.logged('warn'), ...nodeRed.logged('error')], []);
  });
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
