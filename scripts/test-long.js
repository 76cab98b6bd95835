// `npm run test:long`: the long counts, of which `npm test` runs a tenth. A further one is a further entry of LONG.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { installMissing } from './lib/system-packages.js';

const root = path.resolve(import.meta.dirname, '..');

/** How much longer than in `npm test` each count is. */
const TIMES = 10;

const LONG = [
  { name: 'chaos: 200 kills, and every other trouble', command: ['scripts/chaos/main.ts', '--kills', '200'] },
  {
    name: 'properties, plugin swaps, broker kills, redeploys: ten times as many runs',
    command: [
      'node_modules/mocha/bin/mocha.js',
      '--no-config',
      '--extension',
      'ts',
      '--timeout',
      '600000',
      'test/unit/domain/runtime/garden-promises.test.ts',
      'test/unit/plugins/time-model.test.ts',
      'test/unit/plugins/time-clock-changes.test.ts',
      'test/unit/adapters/agents/wasm-limits.test.ts',
      'test/unit/adapters/mqtt/broker-leaks.test.ts',
      'test/nodes/plugin-swaps.test.ts',
      'test/contract/**/*-store.test.ts',
      'test/nodes/redeploy-load.test.ts',
    ],
  },
  {
    name: 'fuzzing: 20,000 calls and 20,000 MQTT connections',
    command: [
      'node_modules/mocha/bin/mocha.js',
      '--no-config',
      '--extension',
      'ts',
      '--exit',
      'test/system/fuzz.test.ts',
    ],
  },
  {
    name: 'garden page: installed by the palette',
    command: [
      'node_modules/mocha/bin/mocha.js',
      '--no-config',
      '--extension',
      'ts',
      'test/long/**/*.test.ts',
    ],
  },
  { name: 'starter: built anew, the same bytes', command: ['scripts/rebuild-starter.js'] },
];

const missing = installMissing();
if (missing.length > 0) console.error(`Missing: ${missing.join(', ')}; what needs them will say so.`);
const failed = LONG.filter(({ name, command }) => {
  console.log(`\n=== ${name}`);
  const env = { ...process.env, RIPE_TEST_TIMES: String(TIMES) };
  return spawnSync(process.execPath, command, { cwd: root, env, stdio: 'inherit' }).status !== 0;
});
console.log(`\n${LONG.length - failed.length} passed, ${failed.length} failed, 0 skipped`);
process.exit(failed.length > 0 ? 1 : 0);
