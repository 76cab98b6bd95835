import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { ERRORS, type ErrorCode } from '../../src/domain/errors.ts';
import { LANGUAGES, parametersOf, readCatalogue } from '../support/catalogues.ts';

const ROOT = path.join(import.meta.dirname, '../..');

interface Property {
  value?: unknown;
  type?: string;
  required?: boolean;
  validate?: (this: object, value: unknown, opt: object) => boolean | string;
}

interface Definition {
  category: string;
  color: string;
  icon: string;
  inputs?: number;
  outputs?: number;
  defaults: Record<string, Property>;
  credentials?: Record<string, { type: string }>;
  paletteLabel(this: object): string;
  label(this: object): string;
  inputLabels?(this: object, index: number): string;
  outputLabels?(this: object, index: number): string;
}

interface EditorNode {
  type: string;
  folder: string;
  html: string;
  /** The page and the scripts that it loads. */
  code: string;
  definition: Definition;
}

/** The properties that the runtime side of each node reads. */
const CONFIG_KEYS: Record<string, string[]> = {
  'ripe-garden': [
    'name',
    'file',
    'logLines',
    'rawDays',
    'rowDays',
    'historyDays',
    'commitMs',
    'registration',
    'externalHost',
    'supplies',
    'longestRun',
    'dailyBudget',
    'homeAssistant',
    'homeAssistantPrefix',
    'homeAssistantSilence',
  ],
  'ripe-broker': [
    'name',
    'kind',
    'scheme',
    'host',
    'port',
    'path',
    'protocol',
    'verifyCertificate',
    'ca',
    'external',
  ],
  'ripe-broker-pool': [
    'name',
    'garden',
    'brokers',
    'useSettings',
    'mode',
    'failBack',
    'queue',
    'subscribe',
    'topics',
    'output',
    'publishTopic',
    'publishQos',
    'publishRetain',
    'clientId',
    'keepAlive',
    'ackAfterCommit',
  ],
  'ripe-sensor-runtime': ['name', 'garden'],
  'ripe-job-runner': [
    'name',
    'garden',
    'duration',
    'rule',
    'sends',
    'on',
    'onType',
    'off',
    'offType',
    'supplies',
  ],
  'ripe-plugin-loader': ['name', 'garden', 'folder'],
  'ripe-api': ['name', 'garden'],
  'ripe-embedded-broker': ['name', 'garden', 'port', 'host', 'websocket'],
  'ripe-agent-in': ['name', 'garden', 'agentName', 'version', 'neutral', 'answerWithin', 'settings'],
  'ripe-agent-out': ['name', 'garden'],
  'ripe-sensor': ['name', 'garden', 'of', 'sensor', 'pattern', 'metric', 'domain', 'agentName'],
  'ripe-force': [
    'name',
    'garden',
    'of',
    'sensor',
    'pattern',
    'domain',
    'action',
    'duration',
    'durationType',
    'value',
    'valueType',
  ],
};

const CREDENTIALS: Record<string, Record<string, string>> = {
  'ripe-garden': {
    adminToken: 'password',
    homeAssistantUser: 'text',
    homeAssistantPassword: 'password',
  },
  'ripe-broker': {
    username: 'text',
    password: 'password',
    externalUsername: 'text',
    externalPassword: 'password',
  },
};

const PORTS: Record<string, [number, number]> = {
  'ripe-broker-pool': [1, 2],
  'ripe-sensor-runtime': [1, 5],
  'ripe-job-runner': [1, 2],
  'ripe-plugin-loader': [1, 1],
  'ripe-api': [1, 2],
  'ripe-embedded-broker': [0, 1],
  'ripe-agent-in': [0, 1],
  'ripe-agent-out': [1, 0],
  'ripe-sensor': [0, 3],
  'ripe-force': [1, 1],
};

/** A config node shows no badge, but tells status nodes why it failed. */
const STATUS_KEYS: Record<string, string[]> = {
  'ripe-garden': ['failed'],
  'ripe-broker': ['failed'],
  'ripe-broker-pool': ['connecting', 'connected', 'several', 'disconnected', 'rival', 'none', 'failed'],
  'ripe-sensor-runtime': ['starting', 'waiting', 'ready', 'failed'],
  'ripe-job-runner': ['starting', 'waiting', 'idle', 'running', 'failed'],
  'ripe-plugin-loader': ['loading', 'ready', 'problems', 'failed'],
  'ripe-api': ['ready', 'failed'],
  'ripe-embedded-broker': ['starting', 'listening', 'unused', 'failed'],
  'ripe-agent-in': ['ready', 'silent', 'failed'],
  'ripe-agent-out': ['ready', 'held', 'run', 'cancelled', 'unchanged', 'failed'],
  'ripe-sensor': ['waiting', 'none', 'quiet', 'heard', 'failed'],
  'ripe-force': [
    'ready',
    'started',
    'queued',
    'held',
    'stopped',
    'finished',
    'cancelled',
    'refused',
    'failed',
  ],
};

/** What only a person can say: its default is not valid. */
const FILLED_IN = new Set(['ripe-broker.host', 'ripe-agent-in.agentName']);

const examples = readdirSync(path.join(ROOT, 'examples')).filter((name) => name.endsWith('.json'));
type FlowNode = { id: string; type: string } & Record<string, unknown>;
const bundledFlow = readJson('flows/ripe.json') as FlowNode[];
const flowNodes = ['flows/ripe.json', ...examples.map((name) => `examples/${name}`)].flatMap(
  (file) => readJson(file) as FlowNode[],
);
const nodes = Object.entries(readManifest()).map(([type, file]) => readNode(type, file));

describe('editor files', () => {
  for (const node of nodes) describe(node.type, () => describeNode(node));
});

function describeNode({ type, folder, html, code, definition }: EditorNode): void {
  const name = path.basename(folder);
  const catalogues = LANGUAGES.map((language) => readCatalogue(`${folder}/locales/${language}/${name}.json`));
  const [english, german] = catalogues as [Map<string, string>, Map<string, string>];

  it('has the properties and credentials that its runtime side reads, each with a default', () => {
    assert.deepEqual(Object.keys(definition.defaults).sort(), CONFIG_KEYS[type]?.toSorted());
    for (const property of Object.values(definition.defaults)) assert.notEqual(property.value, undefined);
    const credentials = Object.entries(definition.credentials ?? {}).map(([key, { type: kind }]) => [
      key,
      kind,
    ]);
    assert.deepEqual(Object.fromEntries(credentials), CREDENTIALS[type] ?? {});
  });

  it('names its definition inline, as tools that read it without running it want', () => {
    assert.match(html, new RegExp(`registerType\\('${type}', \\{`));
    assert.match(html, /\n\s+defaults: \{\n/);
    assert.match(html, new RegExp(`data-template-name="${type}"`));
  });

  it('has an input of the dialog for every property and credential, except lists', () => {
    const prefix = definition.category === 'config' ? 'node-config-input' : 'node-input';
    const single = Object.keys(definition.defaults).filter(
      (key) => !Array.isArray(definition.defaults[key]?.value),
    );
    for (const key of [...single, ...Object.keys(definition.credentials ?? {})]) {
      assert.ok(html.includes(`id="${prefix}-${key}"`), `no input for ${key}`);
      assert.ok(definition.credentials?.[key] === undefined || definition.defaults[key] === undefined);
    }
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    assert.deepEqual(ids, [...new Set(ids)]);
    for (const [, id] of html.matchAll(/ for="([^"]+)"/g)) assert.ok(ids.includes(id), `label for ${id}`);
  });

  it('is in its category, with a colour, an icon and labelled ports', () => {
    const ports = PORTS[type];
    assert.equal(definition.category, ports === undefined ? 'config' : 'RIPE');
    assert.match(definition.color, /^#[0-9A-F]{6}$/);
    assert.match(definition.icon, /^font-awesome\/fa-[a-z-]+$/);
    if (ports === undefined) return;
    assert.deepEqual([definition.inputs, definition.outputs], ports);
    const self = speaking(english);
    if (ports[0] > 0) assert.ok(definition.inputLabels?.call(self, 0));
    const labels = Array.from({ length: ports[1] }, (_, index) => definition.outputLabels?.call(self, index));
    assert.equal(new Set(labels).size, ports[1]);
    assert.ok(labels.every(Boolean));
  });

  it('is labelled by its name, else by what it is', () => {
    assert.equal(definition.label.call(speaking(english, { name: 'Bed 3' })), 'Bed 3');
    assert.ok(definition.label.call(speaking(english)));
    assert.ok(definition.paletteLabel.call(speaking(german)));
  });

  it('accepts its own defaults, except what a person has to fill in', () => {
    const values = Object.entries(definition.defaults).map(([key, { value }]) => [key, value]);
    const self = speaking(english, Object.fromEntries(values));
    for (const [key, property] of Object.entries(definition.defaults)) {
      if (property.validate === undefined) continue;
      assert.equal(property.validate.length, 2, 'Node-RED takes a text for an answer only then');
      const answer = property.validate.call(self, property.value, {});
      if (FILLED_IN.has(`${type}.${key}`)) assert.equal(typeof answer, 'string');
      else assert.equal(answer, true, key);
    }
  });

  it('accepts every node of its type in the bundled flow and the examples', () => {
    for (const node of flowNodes.filter((one) => one.type === type)) {
      for (const [key, property] of Object.entries(definition.defaults)) {
        // Whether a node that it names is there, only the editor knows.
        if (property.validate === undefined || property.type !== undefined) continue;
        assert.equal(
          property.validate.call(speaking(english, node), node[key], {}),
          true,
          `${node.id}: ${key}`,
        );
      }
    }
  });

  it('has all its properties in the bundled flow: opening a dialog and closing it changes nothing', () => {
    for (const node of bundledFlow.filter((one) => one.type === type)) {
      const lacking = Object.keys(definition.defaults).filter((key) => !(key in node));
      assert.deepEqual(lacking, [], node.id);
    }
  });

  it('is in a flow of the import dialog', () => {
    assert.ok(flowNodes.some((node) => node.type === type));
  });

  it('has the same texts in both languages, with the same parameters', () => {
    assert.deepEqual([...german.keys()].sort(), [...english.keys()].sort());
    for (const [key, text] of english) {
      assert.ok(key.startsWith(`${type}.`), key);
      assert.ok(text.trim() !== '' && german.get(key)?.trim() !== '', key);
      assert.deepEqual(parametersOf(german.get(key) ?? ''), parametersOf(text), key);
    }
  });

  it('has every text that its html names, and no other label, option, tip or validation', () => {
    const used = usedKeys(code);
    const core = readCatalogue('node_modules/@node-red/nodes/locales/en-US/messages.json');
    for (const key of used) {
      if (key.startsWith('node-red:')) assert.ok(core.has(key.slice('node-red:'.length)), key);
      else assert.ok(english.has(key), key);
    }
    const kinds = /\.(label|placeholder|tip|option|validation|input|output)\./;
    const idle = [...english.keys()].filter((key) => kinds.test(key) && !used.has(key));
    assert.deepEqual(idle, []);
  });

  it('has a text for every status that its runtime side shows', () => {
    const status = [...english.keys()].filter((key) => key.startsWith(`${type}.status.`));
    assert.deepEqual(status.sort(), (STATUS_KEYS[type] ?? []).map((key) => `${type}.status.${key}`).sort());
  });

  it('has error texts for codes of the error table only, with their parameters', () => {
    for (const [key, text] of english) {
      const code = /\.error\.(\w+)$/.exec(key)?.[1];
      if (code === undefined) continue;
      assert.ok(code in ERRORS, code);
      const template = ERRORS[code as ErrorCode].text;
      const parameters = [...template.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      assert.deepEqual(parametersOf(text), parameters.sort(), code);
    }
  });

  for (const language of LANGUAGES) {
    it(`has help in ${language}, with a lead sentence, its ports, details and references`, () => {
      const help = readText(`${folder}/locales/${language}/${name}.html`);
      assert.match(
        help,
        new RegExp(`^<script type="text/html" data-help-name="${type}">\\n  <p>[A-ZÄÖÜ][^<]+\\.</p>\\n`),
      );
      const headings = [...help.matchAll(/<h3>([^<]+)<\/h3>/g)].map(([, heading]) => heading);
      const [inputs, outputs] = PORTS[type] ?? [0, 0];
      const expected = language === 'de' ? ['Eingangsdaten', 'Ausgangsdaten'] : ['Inputs', 'Outputs'];
      const ports = expected.filter((_, index) => [inputs, outputs][index] !== 0);
      assert.deepEqual(headings, [...ports, 'Details', language === 'de' ? 'Referenzen' : 'References']);
      for (const tag of [
        'p',
        'dl',
        'dt',
        'dd',
        'ul',
        'ol',
        'li',
        'code',
        'i',
        'span',
        'pre',
        'script',
        'a',
        'h3',
      ]) {
        const opened = help.match(new RegExp(`<${tag}[ >]`, 'g'))?.length ?? 0;
        const closed = help.match(new RegExp(`</${tag}>`, 'g'))?.length ?? 0;
        assert.equal(opened, closed, `<${tag}>`);
      }
    });
  }
}

function readManifest(): Record<string, string> {
  const manifest = readJson('package.json') as { 'node-red': { nodes: Record<string, string> } };
  return manifest['node-red'].nodes;
}

function readNode(type: string, file: string): EditorNode {
  const folder = path.dirname(file.replace(/^dist\//, ''));
  const page = `${folder}/${path.basename(file, '.js')}.html`;
  assert.ok(existsSync(path.join(ROOT, page)), `${page} is missing`);
  const html = readText(page);
  const scripts = [...html.matchAll(/<script src="resources\/@ripe-iot\/node-red-ripe\/([^"]+)"/g)];
  const loaded = scripts.map(([, script]) => readText(`resources/${script}`));
  const definition = register(type, html, loaded);
  return { type, folder, html, code: [html, ...loaded].join('\n'), definition };
}

/** Runs the page's scripts as the editor would, with as little editor as they need. */
function register(type: string, html: string, loaded: readonly string[]): Definition {
  const script = /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(html)?.[1];
  assert.ok(script !== undefined, `${type} has no script`);
  const registered = new Map<string, Definition>();
  const RED = {
    events: { on: () => {} },
    nodes: {
      node: () => null,
      registerType: (name: string, definition: Definition) => void registered.set(name, definition),
    },
  };
  // Outside of a dialog no element is found.
  const context = vm.createContext({ RED, $: () => ({ val: () => undefined }), queueMicrotask });
  for (const each of [...loaded, script]) vm.runInContext(each, context);
  const definition = registered.get(type);
  assert.ok(definition !== undefined && registered.size === 1, `${type} is not what its script registers`);
  return definition;
}

/** A node as the editor hands it to its definition: properties, and the texts of one language. */
function speaking(catalogue: Map<string, string>, properties: object = {}): object {
  return { ...properties, _: (key: string) => catalogue.get(key) };
}

function usedKeys(html: string): Set<string> {
  const attributes = [...html.matchAll(/data-i18n="([^"]+)"/g)].flatMap(([, value]) =>
    (value ?? '').split(';'),
  );
  const calls = [...html.matchAll(/\b_\('([^']+)'\)/g)].map(([, key]) => key ?? '');
  return new Set([...attributes.map((key) => key.replace(/^\[\w+\]/, '')), ...calls]);
}

function readText(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}

function readJson(file: string): unknown {
  return JSON.parse(readText(file));
}
