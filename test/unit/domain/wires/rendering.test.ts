import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { because, explain, wireExplanations } from '../../../../src/domain/wires/explanations.ts';
import { renderWired } from '../../../../src/domain/wires/rendering.ts';
import { idleView, runningJob } from './wire-views.ts';

describe('the face of an agent made of wires', () => {
  const rendered = (parts: Parameters<typeof idleView>[0], code = because('unchanged')) =>
    renderWired(idleView(parts), code).rendered;

  it('shows what the actuator holds, and the last reason', () => {
    assert.equal(rendered({}), 'off · Nothing to do');
    assert.equal(rendered({ value: 1 }), 'on · Nothing to do');
    assert.equal(rendered({ value: 40 }, because('said', { reason: 'too warm' })), '40 · too warm');
    assert.equal(rendered({ locale: 'de' }), 'aus · Nichts zu tun');
  });

  it('shows until when a job runs, by the clock of whoever looks', () => {
    const { rendered: text, state } = renderWired(
      idleView({ value: 1, job: runningJob, timeZone: 'Europe/Berlin', locale: 'de' }),
      because('run', { seconds: 30 }),
    );
    assert.equal(text, 'an bis 14:00:30 · Läuft für 30 s');
    assert.deepEqual(state, { Executing: runningJob.endsAt });
  });

  it('is ready before the first question', () => {
    const ui = renderWired(idleView(), null);
    assert.deepEqual(ui, { decorator: { Text: null }, state: 'Ready', rendered: 'off · not asked yet' });
  });

  it('never grows longer than a client takes', () => {
    assert.equal(rendered({}, { code: 'said', params: { reason: 'x'.repeat(2_000) } }).length, 1_000);
  });
});

describe('the reasons of wires', () => {
  it('have a text in both languages, with the same parameters', () => {
    const { en, de } = wireExplanations;
    assert.deepEqual(Object.keys(de), Object.keys(en));
    const parameters = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    for (const [code, text] of Object.entries(en))
      assert.deepEqual(parameters(de[code as keyof typeof de]), parameters(text), code);
  });

  it('are filled in, or shown as they are where nobody has a text', () => {
    assert.equal(explain(because('noAnswer', { seconds: 5 }), 'de'), 'Keine Antwort innerhalb von 5 s');
    assert.equal(explain({ code: 'toString' }, 'en'), 'toString');
    assert.equal(explain({ code: 'failed', params: { reason: 'no such plan' } }, 'en'), 'no such plan');
  });
});
