/**
 * A flow with another one beside it, as Node-RED's editor would draw it: a link of the other that names a link of the
 * first is named by that, too. Neither is changed.
 */
export function composeFlow(flow, addition) {
  const callers = new Map();
  for (const { id, links = [] } of addition)
    for (const target of links) callers.set(target, [...(callers.get(target) ?? []), id]);
  const linked = flow.map((node) => {
    const more = callers.get(node.id);
    return more === undefined ? node : { ...node, links: [...(node.links ?? []), ...more] };
  });
  return [...linked, ...addition];
}
