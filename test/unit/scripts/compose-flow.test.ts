import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { composeFlow } from '../../../scripts/lib/compose-flow.js';

const read = (name: string) =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, '../../../flows', name), 'utf8'));

interface FlowNode {
  readonly id: string;
  readonly links?: readonly string[];
  readonly wires?: readonly (readonly string[])[];
  readonly z?: string;
}

describe('A flow with another one beside it', () => {
  it('is linked both ways, and neither is changed', () => {
    const flow: FlowNode[] = [{ id: 'out', links: ['in'] }, { id: 'in', links: ['out'] }, { id: 'x' }];
    const before = structuredClone(flow);
    assert.deepEqual(composeFlow(flow, [{ id: 'mine', links: ['out'] }]), [
      { id: 'out', links: ['in', 'mine'] },
      { id: 'in', links: ['out'] },
      { id: 'x' },
      { id: 'mine', links: ['out'] },
    ]);
    assert.deepEqual(flow, before);
  });

  it('needs the dashboard only for its own part', () => {
    const types = (read('ripe.json') as { type: string }[]).map(({ type }) => type);
    assert.deepEqual(
      types.filter((type) => type.startsWith('ui-')),
      [],
    );
  });

  it('holds together: the dashboard asks, and gets its answers and events', () => {
    const flow = composeFlow<FlowNode>(read('ripe.json'), read('dashboard.json'));
    const byId = new Map(flow.map((node) => [node.id, node]));
    assert.equal(byId.size, flow.length);
    for (const { id, links = [], wires = [] } of flow) {
      for (const target of wires.flat()) assert.ok(byId.has(target), `${id} leads to ${target}`);
      for (const target of links) assert.ok(byId.get(target)?.links?.includes(id), `${id} and ${target}`);
    }
    for (const id of ['ripe.out.answers', 'ripe.out.events', 'ripe.out.brokers'])
      assert.equal(byId.get(id)?.links?.length, 1, id);
  });
});
