// `npm start`: looks whether the ports are free, runs Node-RED with settings.js, and says where everything is.
import Module, { createRequire } from 'node:module';
import { createServer } from 'node:net';
import path from 'node:path';
import { toldDifference } from '../dist/src/domain/flow-copy.js';

const root = path.resolve(import.meta.dirname, '..');
// Express shows whoever asks its stack traces otherwise.
process.env.NODE_ENV ??= 'production';
const require = createRequire(import.meta.url);

function fail(line) {
  console.error(line);
  process.exit(1);
}

function loadSettings() {
  try {
    return require(path.join(root, 'settings.js'));
  } catch (error) {
    return fail(`RIPE cannot start: ${error.message}`);
  }
}

/** Resolves if the port can be listened on; otherwise ends the process with one clear line. */
function checkPort(port, host, setting) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => {
      const what = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${error.code})`;
      fail(
        `RIPE cannot start: port ${port} ${what}. Stop the other program, or choose another port with ${setting}.`,
      );
    });
    probe.listen({ port, host }, () => probe.close(resolve));
  });
}

function banner(settings) {
  const { ripe, uiPort, uiHost } = settings;
  const host = ripe.externalHost ?? (uiHost === '0.0.0.0' ? '127.0.0.1' : uiHost);
  const base = `http://${host}:${uiPort}`;
  const mqtt = ripe.brokers
    ? 'the brokers of RIPE_BROKERS'
    : `mqtt://${host}:${ripe.mqttPort}, ws://${host}:${uiPort}/mqtt`;
  const lines = [
    '',
    'RIPE is running.',
    `  Editor    ${base}/red`,
    ...(ripe.hasDashboard ? [`  Garden    ${base}/dashboard`] : []),
    `  REST      ${base}/api (described at /api/doc)`,
    `  MQTT      ${mqtt}`,
    `  Plugins   ${ripe.pluginsDir}`,
    `  Data      ${ripe.dataDir}`,
    '',
  ];
  if (ripe.newPassword !== null) {
    lines.push(
      `  Editor login, shown only now:  admin / ${ripe.newPassword}`,
      ...(ripe.hasDashboard && !process.env.RIPE_DASHBOARD_PASSWORD
        ? ['  The garden page takes the same password.']
        : []),
      `  (forgotten? delete ${path.join(ripe.dataDir, 'admin.json')} and start again)`,
      '',
    );
  }
  if (ripe.flowNotice !== null) {
    const told = [...toldDifference(ripe.flowNotice), 'To start with it: move flows.json away.'];
    lines.push(...told.map((line) => `  ${line}`), '');
  }
  lines.push(
    'Try next, in another terminal:',
    `  curl -X POST ${base}/api/sensor -H 'Content-Type: application/json' -d '{"name":"Basil"}'`,
    `  ${uiPort === 1880 ? '' : `PORT=${uiPort} `}npm run simulate -- --sensors 3 --speed 60`,
    '',
  );
  console.log(lines.join('\n'));
}

const settings = loadSettings();
await checkPort(settings.uiPort, settings.uiHost, 'PORT');
if (!settings.ripe.brokers) await checkPort(settings.ripe.mqttPort, settings.ripe.host, 'RIPE_MQTT_PORT');

process.argv.splice(2, process.argv.length, '--settings', path.join(root, 'settings.js'));
// As the main program, which an ES module is not to require(): the dashboard looks for widgets where that lies.
Module.runMain(require.resolve('node-red/red.js'));
const RED = require('node-red');

// npm passes a signal on to its shell only: when that has gone, RIPE would run on unseen.
if (process.env.npm_lifecycle_event === 'start') {
  const shell = process.ppid;
  const watch = () => process.ppid !== shell && process.kill(process.pid, 'SIGTERM');
  setInterval(watch, 500).unref();
}

let started = false;
RED.events.on('flows:started', () => {
  if (started) return;
  started = true;
  const { server } = RED;
  if (server.listening) banner(settings);
  else server.once('listening', () => banner(settings));
});
