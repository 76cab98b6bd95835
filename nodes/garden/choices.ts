import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { Twin } from '../../src/domain/sensor/twin.ts';

export interface Choices {
  readonly sensors: readonly {
    readonly id: number;
    readonly name: string;
    readonly agents: readonly { readonly domain: string; readonly agentName: string }[];
  }[];
  readonly agentTypes: readonly string[];
  /** Those of the garden, and those that agents name. */
  readonly supplies: readonly string[];
}

/** What there is to choose in the dialogs of nodes. Throws RIPE_RUNTIME_MISSING where no runtime knows. */
export function choicesOf(garden: Garden): Choices {
  const twins = Object.values(garden.live.runtime.twins);
  return {
    sensors: twins.map(sensorOf).sort((a, b) => a.name.localeCompare(b.name) || a.id - b.id),
    agentTypes: garden.agentTypes.names(),
    supplies: suppliesOf(garden, twins),
  };
}

function sensorOf({ id, name, agents }: Twin): Choices['sensors'][number] {
  return { id, name, agents: agents.map(({ domain, agentName }) => ({ domain, agentName })) };
}

function suppliesOf(garden: Garden, twins: readonly Twin[]): string[] {
  const named = twins.flatMap(({ agents }) => agents.map(({ settings }) => settings['supply']));
  const texts = named.filter((name): name is string => typeof name === 'string' && name !== '');
  return [...new Set([...Object.keys(garden.supplies), ...texts])].sort();
}
