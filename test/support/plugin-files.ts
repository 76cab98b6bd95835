import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The source of a whole agent type, as a stranger would write it: it holds `value` and does what `decide` says. */
export function agentSource(name: string, decide: string, version = '1.0.0'): string {
  return `
const agent = {
  name: '${name}', version: '${version}', apiVersion: 1, neutral: 0,
  settings: { active: { kind: 'switch', key: '01_active', label: { en: 'Active', de: 'Aktiv' }, default: true } },
  explanations: { en: { did: 'It did.' }, de: { did: 'Getan.' } },
  start: () => ({ count: 0 }),
  decide(event, view) { ${decide} },
  render: (view) => ({ decorator: { Text: null }, state: 'Ready', rendered: 'counted ' + view.state.count }),
};
`;
}

export const asModule = (source: string): string => `${source}export default agent;\n`;
export const asCommonJs = (source: string): string => `${source}module.exports = agent;\n`;

/** Writes files into a plugins folder, which is made if need be. */
export async function writePlugins(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, source] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, source);
  }
}
