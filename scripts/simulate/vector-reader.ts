interface Named {
  readonly domain: string;
}

/**
 * Reads one agent's byte out of command vectors. Somebody may add or remove agents meanwhile, which moves the bytes
 * (protocol §5.3): a vector of another length than expected makes the reader ask for the agents again.
 */
export function createVectorReader(reader: {
  readonly domain: string;
  readonly agents: readonly Named[];
  readonly askAgents: () => Promise<readonly Named[]>;
  readonly onCommand: (value: number) => void;
}): (vector: Uint8Array) => Promise<void> {
  let agents = reader.agents;
  let latest: Uint8Array | null = null;
  return async (vector) => {
    latest = vector;
    if (vector.length !== agents.length) agents = await reader.askAgents();
    if (latest !== vector) return;
    const position = agents.findIndex(({ domain }) => domain === reader.domain);
    reader.onCommand(vector[position] ?? 0);
  };
}
