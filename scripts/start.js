// `npm start`: looks whether the ports are free, runs Node-RED with settings.js, and says where everything is.
import { existsSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { createServer } from 'node:net';
import path from 'node:path';
import { toldDifference } from '../dist/src/domain/flow-copy.js';
import { addressInNetwork, leadHome } from './lib/front-door.js';

const root = path.resolve(import.meta.dirname, '..');
// What is made in the data directory is its owner's alone, plugins among it: their code runs here.
process.umask(0o077);
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
function checkPort(port, host, remedy) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => {
      const what = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${error.code})`;
      fail(`RIPE cannot start: port ${port} ${what}. Stop the other program, ${remedy}.`);
    });
    probe.listen({ port, host }, () => probe.close(resolve));
  });
}

const homeOf = ({ hasDashboard }) => (hasDashboard ? '/dashboard' : '/red');

/** Where sensors connect. The first of brokers.json, RIPE_BROKERS and the embedded broker counts. */
function mqttOf(ripe, host, uiPort) {
  if (existsSync(path.join(ripe.dataDir, 'brokers.json'))) return 'the brokers of brokers.json';
  if (ripe.brokers) return 'the brokers of RIPE_BROKERS';
  return `mqtt://${host}:${ripe.mqttPort}, ws://${host}:${uiPort}/mqtt`;
}

function banner(settings) {
  const { ripe, uiPort, uiHost } = settings;
  const host = ripe.externalHost ?? (uiHost === '0.0.0.0' ? '127.0.0.1' : uiHost);
  const base = `http://${host}:${uiPort}`;
  const address = ripe.externalHost === undefined ? addressInNetwork(uiHost) : null;
  const lines = [
    '',
    'RIPE is running.',
    `  Editor    ${base}/red`,
    ...(ripe.hasDashboard ? [`  Garden    ${base}/dashboard`] : []),
    `  REST      ${base}/api (described at /api/doc)`,
    `  MQTT      ${mqttOf(ripe, host, uiPort)}`,
    `  Plugins   ${ripe.pluginsDir}`,
    `  Data      ${ripe.dataDir}`,
    ...(address === null
      ? []
      : ['', `  From a phone or another computer:  http://${address}:${uiPort}${homeOf(ripe)}`]),
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
await checkPort(settings.uiPort, settings.uiHost, 'or choose another port with PORT');
if (!settings.ripe.brokers) {
  const { mqttPort, host } = settings.ripe;
  const itself = `or let RIPE use it, if it is an MQTT broker, with RIPE_BROKERS=mqtt://127.0.0.1:${mqttPort}`;
  await checkPort(mqttPort, host, `choose another port with RIPE_MQTT_PORT, ${itself}`);
}

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
  const { server, httpNode } = RED;
  leadHome(httpNode, homeOf(settings.ripe));
  if (server.listening) banner(settings);
  else server.once('listening', () => banner(settings));
});
