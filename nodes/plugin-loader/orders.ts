import type { PluginControl } from '../../src/domain/agent/plugin.ts';
import { fieldError } from '../../src/domain/errors.ts';
import { isObject } from '../../src/domain/json.ts';

/** Carries out what a message asks of the plugins. */
export async function carryOut(
  plugins: PluginControl,
  { topic, payload }: { topic?: unknown; payload?: unknown },
): Promise<void> {
  switch (topic) {
    case 'plugin/rescan':
      return plugins.rescan();
    case 'plugin/pin':
      return plugins.pin(nameOf(payload), versionOf(payload));
    case 'plugin/unpin':
      return plugins.unpin(nameOf(payload));
    case 'plugin/rollback':
      return plugins.rollBack(nameOf(payload));
    default:
      throw fieldError('topic', 'must be plugin/rescan, plugin/pin, plugin/unpin or plugin/rollback');
  }
}

function nameOf(payload: unknown): string {
  const name = isObject(payload) ? payload['name'] : payload;
  if (typeof name !== 'string' || name === '')
    throw fieldError('payload.name', 'must name an agent type or a plugin');
  return name;
}

function versionOf(payload: unknown): string | undefined {
  const version = isObject(payload) ? payload['version'] : undefined;
  if (version !== undefined && typeof version !== 'string')
    throw fieldError('payload.version', 'must be a text');
  return version;
}
