import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './dist.ts';

export type RecipeNode = { id: string; type: string; wires?: string[][] } & Record<string, unknown>;

export function readFlow(file: string): RecipeNode[] {
  return JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')) as RecipeNode[];
}

/** A recipe as somebody imports it, with what its debug nodes show in the log as well. */
export function recipe(name: string, changes: Readonly<Record<string, object>> = {}): RecipeNode[] {
  return readFlow(`examples/${name}.json`).map((node) => ({
    ...node,
    ...(node.type === 'debug' ? { console: true } : {}),
    ...changes[node.id],
  }));
}

/** Lets a node fall on the wire between two others, as in the editor. */
export function onWire(
  flow: readonly RecipeNode[],
  id: string,
  from: string,
  output: number,
  to: string,
): RecipeNode[] {
  return flow.map((node) => {
    if (node.id === id) return { ...node, wires: [[to]] };
    if (node.id !== from) return node;
    const wires = (node.wires ?? []).map((targets, place) =>
      place === output ? targets.map((target) => (target === to ? id : target)) : targets,
    );
    return { ...node, wires };
  });
}
