import assert from 'node:assert/strict';
import { LastWords } from '../../../../src/adapters/garden/last-words.ts';

describe('Last words', () => {
  it('go to every pool that takes them, whichever fails', async () => {
    const words = new LastWords();
    const heard: string[] = [];
    words.takenBy(() => Promise.reject(new Error('broken')));
    words.takenBy(async (said) => void heard.push(...said.map(({ topic }) => topic)));
    words.takenBy(async () => void heard.push('stepped back'))();
    await words.say([]);
    await words.say([{ topic: 'sensor/cmd/1', payload: new Uint8Array(1), retain: true, qos: 2 }]);
    assert.deepEqual(heard, ['sensor/cmd/1']);
  });
});
