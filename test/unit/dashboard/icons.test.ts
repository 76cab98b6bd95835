import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'mocha';
import { ROOT } from '../../support/dist.ts';

const UI = path.join(ROOT, 'dashboard/ui');
const FONT = 'node_modules/@flowfuse/node-red-dashboard/dist/assets/*.css';

describe('Icons of the page', () => {
  it('are all in the font that the dashboard brings', () => {
    const styles = globSync(FONT, { cwd: ROOT }).map((file) => readFileSync(path.join(ROOT, file), 'utf8'));
    const sources = globSync('**/*.{ts,vue}', { cwd: UI }).map((file) =>
      readFileSync(path.join(UI, file), 'utf8'),
    );
    const used = new Set(sources.flatMap((text) => text.match(/\bmdi-[a-z0-9-]+/g) ?? []));
    assert.ok(used.size > 30);
    const missing = [...used].filter(
      (icon) => !styles.some((css) => css.includes(`.${icon}:before`) || css.includes(`.${icon}::before`)),
    );
    assert.deepEqual(missing, []);
  });
});
