import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { ServiceNode } from '../../nodes/shared/define-node.ts';
import type { GardenService } from '../../nodes/shared/find-garden.ts';
import { Garden } from '../../src/adapters/garden/garden.ts';
import { useNodeRed } from '../support/node-red-site.ts';
import { type FlowNode, gardenNode, inGarden, probe, tab, wired } from '../support/ripe-flow.ts';
import { quietly } from '../support/until.ts';

describe('ripe-api, before its garden is ready', () => {
  const site = useNodeRed();
  const types = ['network/21-httpin'];

  /** Whatever comes out of the API is answered at once. */
  const flow = (garden: object = {}): FlowNode[] => [
    tab(),
    gardenNode(),
    wired('health', 'http in', { url: '/api/health', method: 'get' }, ['api']),
    wired('types', 'http in', { url: '/api/agent', method: 'get' }, ['api']),
    inGarden('api', 'ripe-api', garden, ['requests', 'response'], ['response']),
    probe('requests'),
    wired('response', 'http response'),
  ];

  it('says 503 while its garden cannot be opened', async () => {
    await writeFile(path.join(site.folder, 'ripe.db'), 'damaged, '.repeat(1_000));
    await site.load(flow(), { types });
    const response = await fetch(`${await site.http()}/api/health`);
    assert.deepEqual([response.status, (await response.json()).code], [503, 'RIPE_STARTING']);
    assert.equal((await site.badge('api', 'ripe-api.status.failed')).fill, 'red');
  });

  it('waits for a garden that is being opened; 503 when that takes more than 10 s', async () => {
    const garden = new Garden({
      file: path.join(site.folder, 'slow.db'),
      registration: 'open',
      adminToken: null,
      logLines: 10,
      externalHost: null,
      onPoison: () => undefined,
    });
    await site.load([...flow({ garden: 'slow' }), { id: 'slow', type: 'slow-garden' }], {
      types: [...types, slowGarden(garden)],
    });
    const url = await site.http();
    const late = await shortened(10_000, () => fetch(`${url}/api/agent`));
    assert.deepEqual([late.status, (await late.json()).code], [503, 'RIPE_STARTING']);
    const waiting = fetch(`${url}/api/agent`);
    await quietly();
    assert.deepEqual(site.messages('requests'), []);
    await garden.start();
    assert.equal((await waiting).status, 200);
    const { request } = await site.message('requests', () => true);
    assert.equal((request as { operation: string }).operation, 'listAgentTypes');
    await site.unload();
    await garden.stop();
  });
});

/** A garden in the hands of the test. */
function slowGarden(garden: Garden): (RED: NodeAPI) => void {
  return (RED) =>
    RED.nodes.registerType('slow-garden', function (this: Node, def: NodeDef) {
      RED.nodes.createNode(this, def);
      (this as ServiceNode<GardenService>).service = { garden };
    });
}

/** Work in whose time a timer of `ms` ends almost at once. */
async function shortened<Result>(ms: number, work: () => Promise<Result>): Promise<Result> {
  const original = globalThis.setTimeout;
  const quick = (callback: () => void, delay?: number, ...rest: []) =>
    original(callback, delay === ms ? 30 : delay, ...rest);
  globalThis.setTimeout = Object.assign(quick, original) as unknown as typeof setTimeout;
  try {
    return await work();
  } finally {
    globalThis.setTimeout = original;
  }
}
