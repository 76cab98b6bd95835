import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { GardenService } from '../../nodes/shared/find-garden.ts';
import type { ServiceNode } from '../../nodes/shared/define-node.ts';
import type { Garden } from '../../src/adapters/garden/garden.ts';
import { LEVEL, useNodeRed } from '../support/node-red-site.ts';
import { embedded, GARDEN, gardenNode, inGarden, tab } from '../support/ripe-flow.ts';

describe('ripe-garden', () => {
  const site = useNodeRed();

  function garden(): Garden {
    const { service } = site.node<ServiceNode<GardenService>>(GARDEN);
    assert.ok(service !== undefined);
    return service.garden;
  }

  it('keeps its database in the user directory, and closes it', async () => {
    await site.load([tab(), gardenNode()]);
    const { store, ready } = garden();
    await ready;
    assert.ok(existsSync(path.join(site.folder, 'ripe.db')));
    await store.ping();
    await site.unload();
    await assert.rejects(store.ping(), { code: 'RIPE_STORE_FAILED' });
    assert.deepEqual(site.logged(LEVEL.WARN), []);
  });
});
