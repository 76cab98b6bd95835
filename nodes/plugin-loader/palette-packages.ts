import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { NodeAPI } from 'node-red';
import type { FoundPlugin, PluginSource } from '../../src/adapters/plugin-files/plugin-source.ts';
import { isObject } from '../../src/domain/json.ts';

/** What a package registers: the same in every version, so that Node-RED's caches of it do no harm. */
interface AgentPlugin {
  readonly id: string;
  readonly module: string;
  /** The folder of the package. */
  readonly path: string;
  /** The module of its agent type, relative to that; default: `main` of its package.json. */
  readonly entry?: unknown;
}

const TYPE = 'ripe-agent';

/**
 * Packages of the palette that register a Node-RED plugin of type `ripe-agent`. Node-RED itself does not load an upgraded
 * module again: so it only tells where the code lies, and RIPE loads that from disk.
 */
export class PalettePackages implements PluginSource {
  readonly source = 'palette';
  readonly #RED: NodeAPI;

  constructor(RED: NodeAPI) {
    this.#RED = RED;
  }

  find(): FoundPlugin[] {
    const byModule = Map.groupBy(this.#plugins(), ({ module }) => module);
    return [...byModule.values()].flatMap((plugins) =>
      plugins.map((plugin) => ({
        // Most packages bring one.
        plugin: plugins.length === 1 ? plugin.module : `${plugin.module}/${plugin.id}`,
        source: 'palette' as const,
        path: plugin.path,
        ...markOf(plugin.path),
        ...(typeof plugin.entry === 'string' ? { entry: plugin.entry } : {}),
      })),
    );
  }

  hint(changed: () => void): () => void {
    const { events } = this.#RED;
    events.on('registry:plugin-added', changed);
    return () => events.off('registry:plugin-added', changed);
  }

  /** Whether a module brings agent types and nothing that needs a restart. */
  isAgentsOnly(module: string): boolean {
    const [plugin] = this.#plugins().filter((each) => each.module === module);
    if (plugin === undefined) return false;
    try {
      const manifest: unknown = JSON.parse(readFileSync(path.join(plugin.path, 'package.json'), 'utf8'));
      const section = isObject(manifest) ? manifest['node-red'] : undefined;
      return isObject(section) && section['nodes'] === undefined;
    } catch {
      return false;
    }
  }

  #plugins(): AgentPlugin[] {
    const { plugins } = this.#RED as unknown as { plugins: { getByType(type: string): AgentPlugin[] } };
    return plugins.getByType(TYPE).filter(({ path: place }) => typeof place === 'string');
  }
}

/** npm writes it last; undefined: not npm's. */
function markOf(folder: string): { mark?: string } {
  const modules = `${path.sep}node_modules`;
  const end = folder.lastIndexOf(modules + path.sep);
  if (end < 0) return {};
  return { mark: path.join(folder.slice(0, end) + modules, '.package-lock.json') };
}
