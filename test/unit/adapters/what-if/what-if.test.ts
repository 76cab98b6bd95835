import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import threshold from '../../../../plugins/threshold/threshold.ts';
import { WhatIf } from '../../../../src/adapters/what-if/what-if.ts';
import { completeSettings } from '../../../../src/domain/agent/settings-controls.ts';
import type { WhatIfQuestion } from '../../../../src/domain/agent-bench/what-if.ts';

const SHIPPED = new URL('../../../../plugins/index.ts', import.meta.url).href;
const FROM = Date.UTC(2026, 5, 1);
const none = {
  battery: null,
  temperature: null,
  humidity: null,
  carbon: null,
  conductivity: null,
  light: null,
};

function question(count: number, agentName = threshold.name): WhatIfQuestion {
  const readings = Array.from({ length: count }, (_, minute) => ({
    ...none,
    timestamp: FROM + minute * 60_000,
    moisture: 10,
  }));
  return {
    agentName,
    version: '1.0.0',
    source: 'shipped',
    settings: completeSettings(threshold.settings, { actionCooldownMs: 3_600_000 }),
    range: { from: FROM, until: FROM + count * 60_000 },
    readings,
  };
}

describe('WhatIf', () => {
  it('replays in another thread, while this one goes on', async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 5);
    const { spans } = await new WhatIf(SHIPPED).ask(question(1_440));
    clearInterval(timer);
    assert.equal(spans.length, 24);
    assert.ok(turns > 2, `${turns} turns`);
  });

  it('does one at a time', async () => {
    const whatIf = new WhatIf(SHIPPED);
    const first = whatIf.ask(question(10));
    await assert.rejects(whatIf.ask(question(10)), { code: 'RIPE_WHAT_IF_BUSY' });
    await first;
    await whatIf.ask(question(10));
  });

  it('ends one that takes too long', async () => {
    await assert.rejects(new WhatIf(SHIPPED, 1).ask(question(1_440)), { code: 'RIPE_WHAT_IF_LONG' });
  });

  it('tells of what fails in there', async () => {
    const whatIf = new WhatIf(SHIPPED);
    await assert.rejects(whatIf.ask(question(1, 'NoAgent')), /no type that ships/);
    await whatIf.ask(question(1));
  });
});
