import assert from 'node:assert/strict';
import { chooser } from '../../../../src/domain/sensor/sensor-choice.ts';

const named = (pattern: string, name: string) => chooser({ of: 'named', pattern })({ id: 1, name });

describe('a choice of sensors', () => {
  it('is all, or one by its id, or those with a name', () => {
    const basil = { id: 7, name: 'Basil' };
    assert.ok(chooser({ of: 'all' })(basil));
    assert.ok(chooser({ of: 'one', id: 7 })(basil));
    assert.ok(!chooser({ of: 'one', id: 8 })(basil));
    assert.ok(named('basil ', 'Basil'));
    assert.ok(!named('Basil', 'Basil 2'));
  });

  it('knows * and ?, and takes everything else as it stands', () => {
    assert.ok(named('Bed *', 'Bed 12, south'));
    assert.ok(named('bed ?', 'Bed 3') && !named('bed ?', 'Bed 12'));
    assert.ok(named('*tomato*', 'The Tomatoes'));
    assert.ok(named('Bed (3.5)+', 'Bed (3.5)+') && !named('Bed.3', 'Bed 3'));
    assert.ok(named('?eet', '🌱eet'));
  });

  it('is quick also for a pattern of stars', () => {
    const begun = performance.now();
    assert.ok(!named(`${'*'.repeat(500)}x`, 'a'.repeat(5_000)));
    assert.ok(performance.now() - begun < 1_000);
  });
});
