import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type StatusParts, StatusTexts } from '../../../../src/domain/runtime/requests/status-texts.ts';
import { make } from '../../../contract/changes.ts';

const AT = Date.UTC(2024, 6, 11, 20, 15, 1, 123);
const decorator = fc.constantFrom(
  { TimePane: 30 },
  { TimePane: 0 },
  { Slider: [0, 1, 0] as const },
  { Slider: [0, 1, 0.5] as const },
  { Text: null },
);
const state = fc.constantFrom('Ready' as const, 'Error' as const, { Executing: AT }, { Forced: AT });
const agent = fc.record({
  domain: fc.constantFrom('01_Öl', '02_Vent'),
  agentName: fc.constantFrom('ThresholdAgent', 'PercentAgent'),
  ui: fc.record({ decorator, state, rendered: fc.constantFrom('50 %', 'läuft') }),
});
const broker = fc.constantFrom(
  '',
  'tcp://h:1',
  { items: [] },
  { items: [{ scheme: 'tcp', host: 'h', port: 1 }] },
  { items: [{ scheme: 'tcp', host: 'h', port: 2 }] },
);
const parts: fc.Arbitrary<StatusParts> = fc.record({
  row: fc.constantFrom(0, 0.5, null).map((moisture) => make.row(AT, { moisture })),
  agents: fc.array(agent, { maxLength: 2 }),
  broker,
});

describe('StatusTexts', () => {
  it('writes what is to be said now, whatever was said before', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), parts), { minLength: 2 }), (asked) => {
        const texts = new StatusTexts(2);
        for (const [sensor, each] of asked)
          assert.equal(texts.write(sensor, each).text, new StatusTexts().write(sensor, each).text);
      }),
    );
  });

  it('writes it once only while nothing has changed, for as many sensors as it may', () => {
    const texts = new StatusTexts(2);
    const said = (): StatusParts => ({
      row: make.row(AT, { moisture: 20 }),
      agents: [
        { domain: 'a', agentName: 'X', ui: { decorator: { TimePane: 30 }, state: 'Ready', rendered: 'r' } },
      ],
      broker: { items: [] },
    });
    const first = texts.write(1, said());
    assert.equal(texts.write(1, said()), first);
    texts.write(2, said());
    assert.equal(texts.write(1, said()), first);
    texts.write(3, said());
    assert.notEqual(texts.write(1, said()), first);
    assert.equal(texts.write(1, said()).text, first.text);
  });
});
