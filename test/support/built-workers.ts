// Imported for what it does: plugins of tests run in the built workers, as with those who install RIPE. Of the source, each process
// would compile TypeScript first, which takes twice as long as all the rest of its start.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PLUGIN_KINDS } from '../../src/adapters/agents/plugin-kinds.ts';
import { ensureDist, ROOT } from './dist.ts';

ensureDist();
for (const kind of PLUGIN_KINDS) {
  const file = path.relative(ROOT, kind.entry.pathname).replace(/\.ts$/, '.js');
  Object.assign(kind, { entry: pathToFileURL(path.join(ROOT, 'dist', file)) });
}
