import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { exampleAnswers } from '../../../../scripts/lib/example-garden.ts';
import { GardenMetrics } from '../../../../src/adapters/metrics/garden-metrics.ts';
import { ANSWER_EXAMPLES } from '../../../../src/domain/rest/answer-examples.ts';
import { ROUTES } from '../../../../src/domain/rest/routes.ts';
import { checkAnswer } from '../../../support/answer-check.ts';

describe('The example answers of the documentation', () => {
  it('are what RIPE answers: `npm run docs` writes them', async () => {
    assert.deepEqual(ANSWER_EXAMPLES, await exampleAnswers());
  });

  for (const { operation } of ROUTES) {
    it(`have one of ${operation}, which its schema allows`, () => {
      assert.ok(operation in ANSWER_EXAMPLES);
      checkAnswer(operation, ANSWER_EXAMPLES[operation]);
    });
  }

  it('are refused by a schema where they are wrong', () => {
    assert.throws(() =>
      checkAnswer('health', { ...(ANSWER_EXAMPLES.health as object), sensor_count: 'two' }),
    );
  });

  it('tell of metrics that there are', async () => {
    const none = () => [];
    const sources = { twins: none, brokers: none, plugins: none, connections: none };
    const metrics = new GardenMetrics({
      ...sources,
      streams: () => 0,
      queuedChanges: () => 0,
      pendingCommitMs: () => 0,
    });
    const lines = new Set((await metrics.text()).split('\n'));
    const told = String(ANSWER_EXAMPLES.metrics).split('\n');
    for (const line of told.filter((each) => each.startsWith('#'))) assert.ok(lines.has(line), line);
  });
});
