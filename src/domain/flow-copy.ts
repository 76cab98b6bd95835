/** A node of a Node-RED flow, as its file has it; tabs are nodes, too. */
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly z?: string;
  readonly [property: string]: unknown;
}

/** What a changed copy of the bundled flow has not got, in words of the editor: `GET /api/new (http in)`. */
export interface FlowDifference {
  readonly lacks: readonly string[];
  readonly differs: readonly string[];
}

/** Said to who has changed their copy of a bundled flow that has a newer version; `version` tells that from the next. */
export interface FlowNotice extends FlowDifference {
  readonly version: string;
}

/** Notes and frames do nothing: nobody misses them. */
const DECORATION = new Set(['group', 'comment']);
const NOTHING: ReadonlySet<string> = new Set();
const GEOMETRY: ReadonlySet<string> = new Set(['x', 'y', 'w', 'h', 'g']);

/** What `flow` has of the bundled one: its tabs, and all that stands on them. Config nodes are the user's own. */
export function copyIn(flow: readonly FlowNode[], bundled: readonly FlowNode[]): FlowNode[] {
  const tabs = new Set(bundled.filter(({ type }) => type === 'tab').map(({ id }) => id));
  return flow.filter(({ id, z }) => tabs.has(id) || (z !== undefined && tabs.has(z)));
}

/**
 * A text that two copies share if nobody has changed either: whatever the order of nodes and properties, and whichever flows of
 * the user's own their links lead to.
 */
export function normalText(copy: readonly FlowNode[]): string {
  const ids = new Set(copy.map(({ id }) => id));
  const sorted = copy.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  return JSON.stringify(sorted.map((node) => normalNode(node, ids)));
}

/** The flow with its copy replaced by the bundled one: whatever else is in it stays, and so do links to that. */
export function withRenewedCopy(flow: readonly FlowNode[], bundled: readonly FlowNode[]): FlowNode[] {
  const former = new Map(copyIn(flow, bundled).map((node) => [node.id, node]));
  const fresh = copyIn(bundled, bundled).map((node) => withOwnLinks(node, former));
  const kept = flow.filter(({ id }) => !former.has(id));
  const known = new Set([...fresh, ...kept].map(({ id }) => id));
  const added = bundled.filter(({ id }) => !known.has(id));
  // Tabs stay in the order in which the user has them.
  const before = flow.findIndex(({ id }) => former.has(id));
  return [...kept.slice(0, before), ...fresh, ...kept.slice(before), ...added];
}

/** What the bundled flow has and `own` has not, or has otherwise; where it stands does not matter, nor do config nodes. */
export function differenceOf(own: readonly FlowNode[], bundled: readonly FlowNode[]): FlowDifference {
  const known = new Map(own.map((node) => [node.id, node]));
  const ids = new Set(bundled.map(({ id }) => id));
  const textOf = (node: FlowNode) => JSON.stringify(normalNode(node, ids, GEOMETRY));
  const isOther = (node: FlowNode) => {
    const copy = known.get(node.id);
    return copy !== undefined && textOf(copy) !== textOf(node);
  };
  const nodes = copyIn(bundled, bundled).filter(({ type }) => !DECORATION.has(type));
  return {
    lacks: nodes.filter(({ id }) => !known.has(id)).map(nameOf),
    differs: nodes.filter(isOther).map(nameOf),
  };
}

/** What to tell who has changed their copy, line by line. */
export function toldDifference({ lacks, differs }: FlowDifference): string[] {
  return [
    'This RIPE brings a newer flow than yours, which stays as it is.',
    ...(lacks.length > 0 ? [`Yours lacks: ${lacks.join(', ')}.`] : []),
    ...(differs.length > 0 ? [`Other than in yours are: ${differs.join(', ')}.`] : []),
    'To see the new one: Import, Examples, @ripe-iot/node-red-ripe.',
  ];
}

/** Without what is not to be looked at, and with its properties in order. The editor measures frames anew, with its own fonts. */
function normalNode(
  { links, ...node }: FlowNode,
  ids: ReadonlySet<string>,
  unseen: ReadonlySet<string> = node.type === 'group' ? GEOMETRY : NOTHING,
): object {
  const own = Array.isArray(links) ? { links: links.filter((id) => ids.has(id)).sort() } : {};
  const entries = Object.entries({ ...node, ...own }).filter(([name]) => !unseen.has(name));
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function withOwnLinks(node: FlowNode, former: ReadonlyMap<string, FlowNode>): FlowNode {
  const before = former.get(node.id)?.['links'];
  if (!Array.isArray(before) || !Array.isArray(node['links'])) return node;
  const own = before.filter((id) => !former.has(id));
  return { ...node, links: [...new Set([...node['links'], ...own])] };
}

function nameOf({ type, name, label }: FlowNode): string {
  const said = name || label;
  return typeof said === 'string' ? `${said} (${type})` : type;
}
