import path from 'node:path';
import type { Node, NodeAPI } from 'node-red';
import { dataDirectory } from '../shared/settings.ts';

export interface JobRunnerConfig {
  readonly garden: unknown;
  /** Where a runner keeps its jobs that works alone. */
  readonly file: string;
}

export function parseJobRunner(
  def: Readonly<Record<string, unknown>>,
  RED: NodeAPI,
  node: Node,
): JobRunnerConfig {
  return { garden: def['garden'], file: path.join(dataDirectory(RED), `ripe-jobs-${node.id}.db`) };
}
