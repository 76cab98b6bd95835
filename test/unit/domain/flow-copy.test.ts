import assert from 'node:assert/strict';
import {
  copyIn,
  differenceOf,
  type FlowNode,
  normalText,
  toldDifference,
  withRenewedCopy,
} from '../../../src/domain/flow-copy.ts';

const tab = { id: 'r.tab', type: 'tab', label: 'RIPE' };
const garden = { id: 'r.garden', type: 'ripe-garden', name: 'Garden' };
const on = (id: string, more: object = {}): FlowNode => ({
  id,
  type: 'debug',
  z: 'r.tab',
  x: 1,
  y: 1,
  ...more,
});
const end = (links: readonly string[]): FlowNode => on('r.end', { type: 'link out', links });

const OLD = [tab, garden, on('r.a'), end([]), { id: 'r.group', type: 'group', z: 'r.tab', w: 10, h: 20 }];
const NEW = [
  tab,
  garden,
  on('r.a', { name: 'better' }),
  end([]),
  on('r.b', { type: 'http in', name: 'GET /new' }),
];
const OWN = [
  { id: 'mine.tab', type: 'tab', label: 'Mine' },
  { id: 'mine.in', type: 'link in', z: 'mine.tab', links: ['r.end'] },
];
const unchanged = (copy: readonly FlowNode[]) =>
  normalText(copyIn(copy, NEW)) === normalText(copyIn(OLD, OLD));

describe("a user's copy of the bundled flow", () => {
  it('is its tabs and what stands on them, not config nodes', () => {
    assert.deepEqual(
      copyIn([...OWN, ...OLD], NEW).map(({ id }) => id),
      ['r.tab', 'r.a', 'r.end', 'r.group'],
    );
  });

  it('is unchanged in another order, beside other flows, with links to them, and with another garden', () => {
    const shuffled = OLD.toReversed().map(
      (node) => Object.fromEntries(Object.entries(node).toReversed()) as FlowNode,
    );
    assert.ok(unchanged([...OWN, ...shuffled]));
    assert.ok(unchanged(OLD.map((node) => (node.id === 'r.end' ? end(['mine.in']) : node))));
    assert.ok(unchanged(OLD.map((node) => (node === garden ? { ...garden, name: 'Balcony' } : node))));
    assert.ok(unchanged(OLD.map((node) => (node.type === 'group' ? { ...node, x: 3, w: 11 } : node))));
  });

  for (const [what, change] of [
    [
      'another property',
      (flow) => flow.map((node) => (node.id === 'r.a' ? on('r.a', { name: 'mine' }) : node)),
    ],
    ['a node more on its tab', (flow) => [...flow, on('mine')]],
    ['a node less', (flow) => flow.filter(({ id }) => id !== 'r.a')],
    ['another place', (flow) => flow.map((node) => (node.id === 'r.a' ? on('r.a', { x: 2 }) : node))],
  ] satisfies [string, (flow: FlowNode[]) => FlowNode[]][])
    it(`is changed by ${what}`, () => assert.ok(!unchanged(change(OLD))));

  it('is renewed where it stands, with its links, and nothing else is touched', () => {
    const linked = OLD.map((node) => (node.id === 'r.end' ? end(['mine.in']) : node));
    const own = { ...garden, name: 'Balcony' };
    const mine = linked.map((node) => (node === garden ? own : node));
    const renewed = withRenewedCopy([...OWN.slice(0, 1), ...mine, ...OWN.slice(1)], NEW);
    assert.deepEqual(
      renewed.map(({ id }) => id),
      ['mine.tab', 'r.tab', 'r.a', 'r.end', 'r.b', 'r.garden', 'mine.in'],
    );
    assert.deepEqual(
      renewed.find(({ id }) => id === 'r.end'),
      end(['mine.in']),
    );
    assert.deepEqual(
      renewed.find(({ id }) => id === 'r.garden'),
      own,
    );
    assert.deepEqual(
      renewed.find(({ id }) => id === 'r.a'),
      NEW[2],
    );
  });

  it('gets the config nodes that it lacks', () => {
    const broker = { id: 'r.broker', type: 'ripe-broker' };
    assert.deepEqual(withRenewedCopy(OLD, [...NEW, broker]).at(-1), broker);
  });

  it('differs from the bundled one by nodes and their settings, wherever they stand', () => {
    const own = [...OWN, ...OLD.map((node) => ({ ...node, x: 40 }))];
    const difference = differenceOf(own, NEW);
    assert.deepEqual(difference, { lacks: ['GET /new (http in)'], differs: ['better (debug)'] });
    assert.match(
      toldDifference(difference).join(' '),
      /Yours lacks: GET \/new .* Other than in yours are: better/,
    );
  });
});
