/** The sheet that the bundled flow is drawn on, and what is drawn with. */

export type FlowNode = { id: string; type: string } & Record<string, unknown>;
export type Placed = FlowNode & { x: number; y: number };

export const TAB = 'ripe.tab';
export const GARDEN = 'ripe.garden';

/** In the order in which they were drawn. */
export const nodes: FlowNode[] = [];

export function place(node: FlowNode, x: number, y: number, wires: string[][] = []): Placed {
  const placed = { ...node, z: TAB, x, y, wires };
  nodes.push(placed);
  return placed;
}

/** Node-RED places nodes by their middle, in steps of 20: about the width that a label takes. */
export const widthOf = (label: string) => 20 * Math.ceil((label.length * 6.4 + 50) / 20);

export const linkOut = (id: string, name: string, to: string, x: number, y: number) =>
  place({ id, type: 'link out', name, mode: 'link', links: [to] }, x, y);

/** What other tabs pick up, by a `link in` of their own. */
export const openEnd = (id: string, name: string, x: number, y: number) =>
  place({ id, type: 'link out', name, mode: 'link', links: [] }, x, y);

/** Where other tabs come in, by a `link out` of their own. */
export const openStart = (id: string, name: string, x: number, y: number, to: string) =>
  linkIn(id, name, [], x, y, to);

export const linkIn = (id: string, name: string, from: string[], x: number, y: number, to: string) =>
  place({ id, type: 'link in', name, links: from }, x, y, [[to]]);

export const comment = (id: string, name: string, x: number, y: number, info = '') =>
  place({ id, type: 'comment', name, info }, x, y);

interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** The grey of its name is readable on a light sheet and on a dark one. */
export function group(id: string, name: string, colour: string, box: Box, members: Placed[]): void {
  const style = { label: true, color: '#808080', stroke: colour, fill: colour, 'fill-opacity': '0.12' };
  nodes.push({ id, type: 'group', z: TAB, name, style, nodes: members.map((node) => node.id), ...box });
  for (const member of members) member['g'] = id;
}

export const debug = (id: string, name: string, complete: string, x: number, y: number) =>
  place(
    {
      id,
      type: 'debug',
      name,
      active: false,
      tosidebar: true,
      console: false,
      tostatus: false,
      complete,
      targetType: complete === 'true' ? 'full' : 'msg',
      statusVal: '',
      statusType: 'auto',
    },
    x,
    y,
  );
