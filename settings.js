// Node-RED's settings for `npm start`, and the only place that reads RIPE's environment variables.
// Node-RED require()s this ES module and writes into what it gets, so the export is named 'module.exports'.
import { createHash, randomBytes, scrypt, scryptSync, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { adminWall } from './dist/src/adapters/http/admin-wall.js';
import { createAddressOf } from './dist/src/adapters/wall/client-address.js';
import { HTTP_LIMITS, MQTT_LIMITS, parseClientLimits } from './dist/src/domain/broker/client-limits.js';
import { bundledFlow, dashboardAccess, isDashboardInstalled } from './scripts/lib/dashboard.js';
import { keepUserFlow } from './scripts/lib/user-flow.js';

const root = import.meta.dirname;
const { env } = process;

const dataDir = path.resolve(env.RIPE_DATA_DIR || path.join(root, '.ripe'));
mkdirSync(dataDir, { recursive: true, mode: 0o700 });

/** Reads a private file, or creates it first. 'wx': two processes that start at once agree on one content. */
function once(name, make) {
  const file = path.join(dataDir, name);
  try {
    writeFileSync(file, make(), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}

function port(name, fallback) {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
  throw new Error(`${name} must be a port number from 1 to 65535`);
}

function wholeNumber(name, fallback, lowest, highest) {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  const number = Number(text);
  if (Number.isInteger(number) && number >= lowest && number <= highest) return number;
  throw new Error(`${name} must be a whole number from ${lowest} to ${highest}`);
}

function choice(name, options) {
  const text = env[name] || options[0];
  if (options.includes(text)) return text;
  throw new Error(`${name} must be one of ${options.join(', ')}`);
}

// --- editor login -----------------------------------------------------------------------------------
const HASH_BYTES = 32;
const hashFirst = (password, salt) => scryptSync(password, salt, HASH_BYTES).toString('hex');
// Beside Node's own thread: a login takes as long as it likes, and no command waits for it.
const hash = async (password, salt) => (await promisify(scrypt)(password, salt, HASH_BYTES)).toString('hex');

/** The password is made at the first start and told once; only its hash is kept. */
function firstPassword() {
  if (existsSync(path.join(dataDir, 'admin.json'))) return null;
  const password = randomBytes(12).toString('base64url');
  const salt = randomBytes(16).toString('hex');
  once('admin.json', () => JSON.stringify({ username: 'admin', salt, hash: hashFirst(password, salt) }));
  return password;
}

const newPassword = firstPassword();
const admin = JSON.parse(readFileSync(path.join(dataDir, 'admin.json'), 'utf8'));
const adminToken = env.RIPE_ADMIN_TOKEN || once('admin-token', () => randomBytes(24).toString('base64url'));

function isSame(a, b) {
  const digest = (text) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

const administrator = { username: admin.username, permissions: '*' };
const adminAuth = {
  type: 'credentials',
  users: async (name) => (name === admin.username ? administrator : null),
  authenticate: async (name, password) => {
    if (name !== admin.username || typeof password !== 'string') return null;
    return isSame(await hash(password, admin.salt), admin.hash) ? administrator : null;
  },
  // For scripts: Authorization: Bearer <administrator token>
  tokens: async (token) => (isSame(String(token), adminToken) ? administrator : null),
};

// --- what Node-RED keeps ----------------------------------------------------------------------------
const credentialSecret = once('credential-secret', () => randomBytes(32).toString('hex'));
const isInstalled = isDashboardInstalled(dataDir);
const hasDashboard = choice('RIPE_DASHBOARD', ['on', 'off']) === 'on' && isInstalled;
const flowNotice = keepUserFlow(dataDir, bundledFlow(hasDashboard));
// Without a package.json of its own, the palette manager would install into this repository.
once('package.json', () => JSON.stringify({ name: 'ripe-data', private: true, version: '0.0.0' }, null, 2));

/** The password of the dashboard: its own one, or that of the editor. */
function dashboardLogin() {
  const password = env.RIPE_DASHBOARD_PASSWORD;
  return password ? { salt: credentialSecret, hash: hashFirst(password, credentialSecret) } : admin;
}

const host = env.RIPE_HOST || '0.0.0.0';

// --- how large the machine is: docs/operations.md -------------------------------------------------------
/** What is not set by itself; SQLite keeps so much in memory, and in its log before that goes into the database. */
const PROFILES = {
  usual: {
    rawDays: 90,
    commitMs: 50,
    hosts: ['process', 'thread'],
    sqlite: { cacheKib: 16_384, walPages: 4_000 },
  },
  // 512 MB of memory and an SD card, which wears out by being written to.
  small: {
    rawDays: 30,
    commitMs: 30_000,
    hosts: ['thread', 'process'],
    sqlite: { cacheKib: 2_048, walPages: 1_000 },
  },
};
const profile = PROFILES[choice('RIPE_PROFILE', ['usual', 'small'])];

// --- who may ask for how much: docs/security.md --------------------------------------------------------
const httpLimits = env.RIPE_HTTP_LIMITS || '';
const mqttLimits = env.RIPE_MQTT_LIMITS || '';
const trustedProxies = env.RIPE_TRUSTED_PROXIES || '';
const limits = parseClientLimits('RIPE_HTTP_LIMITS', httpLimits, HTTP_LIMITS);
parseClientLimits('RIPE_MQTT_LIMITS', mqttLimits, MQTT_LIMITS);
const proxies = trustedProxies.split(',').map((each) => each.trim());
const addressOf = createAddressOf(proxies.filter(Boolean), 'RIPE_TRUSTED_PROXIES');

const settings = {
  userDir: dataDir,
  flowFile: path.join(dataDir, 'flows.json'),
  flowFilePretty: true,
  credentialSecret,
  adminAuth,
  uiHost: host,
  uiPort: port('PORT', 1880),
  httpAdminRoot: '/red',
  httpNodeRoot: '/',
  httpAdminMiddleware: adminWall({ limits, addressOf }),
  // This package itself: Node-RED loads it by the node-red section of its package.json. And the dashboard's widget.
  nodesDir: hasDashboard ? [root, path.join(root, 'dashboard')] : [root],
  // Also of a dashboard that is not ours: nobody sees it without the password.
  ...(isInstalled ? { dashboard: dashboardAccess(dataDir, dashboardLogin()) } : {}),
  // Twins are one object, changed in place: context by reference.
  contextStorage: { default: 'memory', memory: { module: 'memory' } },
  externalModules: { autoInstall: false, palette: { allowInstall: true, allowUpload: true } },
  editorTheme: {
    tours: false,
    projects: { enabled: false },
    page: { title: 'RIPE' },
    header: { title: 'RIPE' },
  },
  telemetry: { enabled: false, updateNotification: false },
  diagnostics: { enabled: true, ui: true },
  logging: { console: { level: env.RIPE_LOG || 'info', metrics: false, audit: false } },
  // Read by RIPE's nodes where their dialogs leave a field blank.
  ripe: {
    dataDir,
    host,
    mqttPort: port('RIPE_MQTT_PORT', 1883),
    externalHost: env.RIPE_EXTERNAL_HOST || undefined,
    pluginsDir: path.resolve(env.RIPE_PLUGINS_DIR || path.join(dataDir, 'plugins')),
    pluginHost: choice('RIPE_PLUGIN_HOST', profile.hosts),
    brokers: env.RIPE_BROKERS || undefined,
    brokerMode: choice('RIPE_BROKER_MODE', ['failover', 'all']),
    adminToken,
    metricsToken: env.RIPE_METRICS_TOKEN || undefined,
    homeAssistant: env.RIPE_HOME_ASSISTANT || undefined,
    homeAssistantPrefix: env.RIPE_HOME_ASSISTANT_PREFIX || undefined,
    registration: choice('RIPE_REGISTRATION', ['open', 'token', 'closed']),
    logLines: wholeNumber('RIPE_LOG_LINES', 124, 1, 10_000),
    databaseUrl: env.RIPE_DATABASE_URL || undefined,
    rawDays: wholeNumber('RIPE_RAW_DAYS', profile.rawDays, 0, 36_500),
    rowDays: wholeNumber('RIPE_ROW_DAYS', 0, 0, 36_500),
    historyDays: wholeNumber('RIPE_HISTORY_DAYS', 0, 0, 36_500),
    ackAfterCommit: choice('RIPE_ACK_AFTER_COMMIT', ['no', 'yes']) === 'yes',
    commitMs: wholeNumber('RIPE_COMMIT_MS', profile.commitMs, 1, 60_000),
    sqlite: profile.sqlite,
    longestRun: wholeNumber('RIPE_LONGEST_RUN', undefined, 1, 1_440),
    dailyBudget: wholeNumber('RIPE_DAILY_BUDGET', undefined, 0, 1_440),
    supplies: env.RIPE_SUPPLIES || undefined,
    httpLimits,
    mqttLimits,
    trustedProxies,
    corsOrigins: env.RIPE_CORS_ORIGINS || undefined,
    mqttAccounts: env.RIPE_MQTT_ACCOUNTS || undefined,
    mostSensors: wholeNumber('RIPE_MOST_SENSORS', 1_000, 0, 9_999_999),
    hardenServer: true,
    // Told by scripts/start.js.
    newPassword,
    flowNotice,
    hasDashboard,
  },
};

export { settings as 'module.exports' };
