import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { WhatIf } from '../../../../src/adapters/what-if/what-if.ts';
import type { WhatIfQuestion } from '../../../../src/domain/agent-bench/what-if.ts';
import { usePluginSite } from '../../../support/file-plugins.ts';
import { agentSource, asModule } from '../../../support/plugin-files.ts';

const FROM = Date.UTC(2026, 5, 1);
const NONE = {
  battery: null,
  temperature: null,
  humidity: null,
  carbon: null,
  conductivity: null,
  light: null,
};
const BECAUSE = "because: { code: 'did' }";

/** Runs for a minute below a moisture. */
const below = (limit: number) => `
  if (event.type !== 'reading' || event.reading.moisture >= ${limit}) return { ${BECAUSE} };
  view.state.count += 1;
  return { state: view.state, job: { steps: [{ set: 1 }, { wait: 60000 }] }, ${BECAUSE} };`;

const OF_THAT_DAY = `if (event.at > ${FROM} && event.at < ${FROM + 24 * 3_600_000})`;

/** A soil that dries by 1 % an hour, from 24 %. */
function question(version: string): WhatIfQuestion {
  const readings = Array.from({ length: 24 }, (_, hour) => ({
    ...NONE,
    timestamp: FROM + hour * 3_600_000,
    moisture: 24 - hour,
  }));
  const range = { from: FROM, until: FROM + 24 * 3_600_000 };
  return { agentName: 'Drip', version, source: 'folder', settings: { active: true }, range, readings };
}

describe('replay of a plugin', () => {
  const site = usePluginSite();

  async function replay(version: string, withinMs?: number) {
    const asked = question(version);
    const whatIf = new WhatIf('file:///nowhere.js', withinMs);
    return (await whatIf.ask(asked, site().files.codeOf(asked))).spans.length;
  }

  it('runs each kept version in a process of its own, as it was when it decided', async () => {
    await site().write('drip.js', asModule(agentSource('Drip', below(5), '1.0.0')));
    await site().start();
    await site().write('drip.js', asModule(agentSource('Drip', below(9), '1.1.0')));
    await site().next('updated');
    const kept = site().registry.versions('Drip');
    assert.deepEqual(
      kept.map(({ version, source }) => [version, source]),
      [
        ['1.1.0', 'folder'],
        ['1.0.0', 'folder'],
      ],
    );
    for (const { settings } of kept) assert.deepEqual(Object.keys(settings), ['active']);
    // What they write into the view is theirs, as in the garden.
    assert.deepEqual([await replay('1.0.0'), await replay('1.1.0')], [4, 8]);
  });

  it('remembers versions over a restart', async () => {
    await site().write('drip.js', asModule(agentSource('Drip', below(5), '1.0.0')));
    await site().start();
    await site().write('drip.js', asModule(agentSource('Drip', below(9), '1.1.0')));
    await site().next('updated');
    await site().restart();
    assert.equal(site().registry.versions('Drip').length, 2);
    assert.equal(await replay('1.0.0'), 4);
  });

  it('ends what loops only then, and the garden works on', async () => {
    await site().write('drip.js', asModule(agentSource('Drip', `${OF_THAT_DAY} for (;;);${below(5)}`)));
    await site().start();
    await assert.rejects(replay('1.0.0', 500), { code: 'RIPE_WHAT_IF_LONG' });
    assert.equal(site().version('Drip'), '1.0.0');
  });

  it('says what went wrong in there, and does not blame the version that decides', async () => {
    const breaks = `${OF_THAT_DAY} throw new Error('no such day');${below(5)}`;
    await site().write('drip.js', asModule(agentSource('Drip', breaks)));
    await site().start();
    for (let times = 0; times < 4; times += 1) await assert.rejects(replay('1.0.0'), /no such day/);
    assert.equal(site().info('drip.js').health, 'well');
  });

  it('has no code of a version that is not kept', async () => {
    await site().start();
    await assert.rejects(replay('3.0.0'), /version.*is not kept/);
  });
});
