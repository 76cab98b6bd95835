// What `npm start` has to do with the dashboard: whether it is there, its flow, and its login.
import { scrypt, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { composeFlow } from './compose-flow.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PACKAGE = '@flowfuse/node-red-dashboard/package.json';
const hash = promisify(scrypt);

/** Beside RIPE, or installed through the palette manager. A flow with a node that nobody brings would start nothing. */
export function isDashboardInstalled(dataDir) {
  return [ROOT, dataDir].some((folder) => {
    try {
      return createRequire(path.join(folder, 'package.json')).resolve(PACKAGE) !== '';
    } catch {
      return false;
    }
  });
}

/** The flow of `npm start`, as a text. */
export function bundledFlow(hasDashboard) {
  const text = readFileSync(path.join(ROOT, 'flows', 'ripe.json'), 'utf8');
  if (!hasDashboard) return text;
  const dashboard = JSON.parse(readFileSync(path.join(ROOT, 'flows', 'dashboard.json'), 'utf8'));
  return `${JSON.stringify(composeFlow(JSON.parse(text), dashboard), null, 2)}\n`;
}

/** `dashboard` of Node-RED's settings; `login` holds the salt and the scrypt hash of the password. */
export function dashboardAccess(dataDir, login) {
  const { createAccess } = createRequire(import.meta.url)('../../dashboard/dist/access/access.js');
  const known = Buffer.from(login.hash, 'hex');
  return createAccess({
    authenticate: async (password) => timingSafeEqual(await hash(password, login.salt, known.length), known),
    credential: login.hash,
    sessionFile: path.join(dataDir, 'dashboard-sessions.json'),
  });
}
