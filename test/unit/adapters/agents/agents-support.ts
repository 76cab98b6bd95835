import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import '../../../support/built-workers.ts';
import type { PluginCode } from '../../../../src/adapters/agents/worker/worker.ts';
import type { AgentEvent } from '../../../../src/domain/agent/agent-contract.ts';
import type { AnyView } from '../../../../src/domain/agent/agent-host.ts';

// No tests here: what the tests of plugins share.

/** A folder for the plugins of one test; it is deleted after it. */
export function usePluginFolder(): {
  readonly path: string;
  write(name: string, content: string | Uint8Array): Promise<string>;
  /** The same, as the code of a plugin. */
  code(name: string, content: string | Uint8Array): Promise<PluginCode>;
} {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'ripe-plugins-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  return {
    get path() {
      return folder;
    },
    write,
    code: async (name, content) => ({ file: await write(name, content), folder }),
  };
  async function write(name: string, content: string | Uint8Array): Promise<string> {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
    return file;
  }
}

/** The code of an agent type; `parts` are members as code, and win. */
export function agentType(parts: Record<string, string> = {}): string {
  const members = {
    name: '"FernAgent"',
    version: '"1.2.3"',
    apiVersion: '1',
    settings: '{}',
    neutral: '0',
    explanations: '{ en: {}, de: {} }',
    start: '() => ({ count: 0 })',
    decide: '(event) => ({ hold: event.payload ?? 0, because: { code: event.type } })',
    render: '() => ({ decorator: { Text: null }, state: "Ready", rendered: "fern" })',
    ...parts,
  };
  return `({ ${Object.entries(members)
    .map(([name, code]) => `${name}: ${code}`)
    .join(', ')} })`;
}

export const esm = (parts: Record<string, string> = {}, before = ''): string =>
  `${before}\nexport default ${agentType(parts)};`;

export const forced = (payload: number): AgentEvent => ({ type: 'forced', at: 0, payload });

export const reading = (moisture: number): AgentEvent => ({
  type: 'reading',
  at: 0,
  reading: {
    timestamp: 0,
    moisture,
    battery: null,
    temperature: null,
    humidity: null,
    carbon: null,
    conductivity: null,
    light: null,
  },
});

export const view = (parts: Partial<AnyView> = {}): AnyView => ({
  state: {},
  settings: {},
  value: 0,
  reading: null,
  job: null,
  now: 0,
  timeZone: 'UTC',
  locale: 'en',
  ...parts,
});
