import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { httpInUrl } from '../../src/domain/rest/route.ts';
import { ROUTES } from '../../src/domain/rest/routes.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const FILE = path.join(ROOT, 'flows/ripe.json');

interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly z?: string;
  readonly g?: string;
  readonly x?: number;
  readonly y?: number;
  readonly w?: number;
  readonly h?: number;
  readonly wires?: readonly (readonly string[])[];
  readonly links?: readonly string[];
  readonly nodes?: readonly string[];
  readonly url?: string;
  readonly method?: string;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const flow = JSON.parse(readFileSync(FILE, 'utf8')) as FlowNode[];
const byId = new Map(flow.map((node) => [node.id, node]));
const placed = flow.filter((node) => node.wires !== undefined);
const groups = flow.filter(({ type }) => type === 'group');

describe('the bundled flow', () => {
  it('has one http in node for each method and path of the route table, and no other', () => {
    const calls = flow
      .filter(({ type }) => type === 'http in')
      .map(({ method, url }) => `${method?.toUpperCase()} ${url}`);
    const expected = ROUTES.flatMap((route) =>
      route.methods.map((method) => `${method} ${httpInUrl(route)}`),
    );
    assert.deepEqual(calls.sort(), expected.sort());
  });

  it('is what scripts/lay-out-flow.ts writes', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ripe-flow-'));
    try {
      const written = path.join(folder, 'ripe.json');
      execFileSync(process.execPath, [path.join(ROOT, 'scripts/lay-out-flow.ts'), written]);
      assert.equal(readFileSync(written, 'utf8'), readFileSync(FILE, 'utf8'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has ids that are used once, and wires and links that lead somewhere', () => {
    assert.equal(byId.size, flow.length);
    for (const { id, wires = [], links = [] } of flow) {
      for (const target of [...wires.flat(), ...links])
        assert.ok(byId.has(target), `${id} leads to ${target}`);
    }
  });

  it('has links that refer to each other both ways, but for the ends that other tabs pick up', () => {
    const openEnds = ['ripe.out.brokers', 'ripe.out.events', 'ripe.out.answers', 'ripe.in.calls'];
    for (const node of flow.filter(({ type }) => type.startsWith('link '))) {
      assert.equal((node.links ?? []).length === 0, openEnds.includes(node.id), node.id);
      for (const id of node.links ?? []) {
        const other = byId.get(id);
        assert.ok(other?.links?.includes(node.id), `${node.id} and ${id}`);
        assert.equal(other?.type, node.type === 'link in' ? 'link out' : 'link in');
      }
    }
  });

  it('names its garden in every node that needs one', () => {
    const gardens = flow.filter(({ type }) => type === 'ripe-garden').map(({ id }) => id);
    assert.equal(gardens.length, 1);
    for (const node of placed.filter(({ type }) => type.startsWith('ripe-'))) {
      assert.equal((node as { garden?: string }).garden, gardens[0], node.id);
    }
  });

  it('draws every node within the box of its group, and groups know their nodes', () => {
    for (const { id, nodes = [] } of groups) {
      assert.deepEqual(
        [...nodes].sort(),
        placed
          .filter(({ g }) => g === id)
          .map((node) => node.id)
          .sort(),
      );
    }
    for (const node of placed.filter(({ g }) => g !== undefined)) {
      const box = boxOf(node);
      const around = boxOf(byId.get(node.g ?? '') as FlowNode);
      const isInside =
        box.left >= around.left &&
        box.right <= around.right &&
        box.top >= around.top &&
        box.bottom <= around.bottom;
      assert.ok(
        isInside,
        `${node.id} ${JSON.stringify(box)} sticks out of ${node.g} ${JSON.stringify(around)}`,
      );
    }
  });

  it('draws no node over another, and no group over another', () => {
    for (const nodes of [placed, groups]) {
      nodes.forEach((node, index) => {
        for (const other of nodes.slice(index + 1)) {
          assert.ok(!overlap(boxOf(node), boxOf(other)), `${node.id} and ${other.id}`);
        }
      });
    }
  });
});

/** About 6.4 px for a character of the editor's labels: bolder fonts need no more. */
const CHARACTER_PX = 6.4;

/** What the editor draws: x and y are the middle of a node, and the corner of a group. */
function boxOf({ type, name = '', x = 0, y = 0, w = 0, h = 0, wires = [] }: FlowNode): Box {
  if (type === 'group') return { left: x, right: x + w, top: y, bottom: y + h };
  const isLink = type.startsWith('link ');
  const label = name === '' ? type : name;
  const width = isLink ? 30 : Math.max(100, 20 * Math.ceil((label.length * CHARACTER_PX + 50) / 20));
  const height = Math.max(30, wires.length * 15);
  return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
