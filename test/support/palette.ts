import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ensureDist, ROOT } from './dist.ts';
import { NodeRedProcess } from './node-red-process.ts';
import type { RecipeNode } from './recipes.ts';

const run = promisify(execFile);

export const RIPE = '@ripe-iot/node-red-ripe';
export const WIDGET = '@ripe-iot/node-red-dashboard-2-ripe';
export const FROST_GUARD = 'node-red-contrib-ripe-frost-guard';

/** npm as a palette user has it: with the Node.js of this test, and without what the npm around a test run sets. */
export const npmEnvironment = (): Record<string, string> => ({
  PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH'] ?? ''}`,
  npm_config_prefer_offline: 'true',
  npm_config_update_notifier: 'false',
});

const PROBE = {
  'probe.js':
    'module.exports = (RED) => RED.httpAdmin.get("/held", (_, answer) => answer.json(process.getActiveResourcesInfo()));',
  'probe.html': '<script type="text/javascript"></script>',
};

/** Tarballs for the tests of the calling `describe`, in a folder that goes with them. */
export function useTarballs(): Tarballs {
  const tarballs = new Tarballs();
  before('make a folder for tarballs', () => tarballs.prepare());
  after('delete it', () => tarballs.dispose());
  return tarballs;
}

export class Tarballs {
  folder = '';
  #ripe: Promise<string> | undefined;

  async prepare(): Promise<void> {
    this.folder = await mkdtemp(path.join(tmpdir(), 'ripe-tarballs-'));
  }

  /** RIPE, as it is published; packed once. */
  async ripe(): Promise<string> {
    ensureDist();
    this.#ripe ??= this.#pack(ROOT);
    return this.#ripe;
  }

  /** A folder for `nodesDir` with a node that tells, at `/held`, what keeps its Node-RED running. */
  async probe(): Promise<string> {
    const folder = path.join(this.folder, 'probe');
    await mkdir(folder);
    for (const [name, content] of Object.entries(PROBE)) await writeFile(path.join(folder, name), content);
    return folder;
  }

  /** RIPE as a later version, with another bundled flow. */
  async laterRipe(version: string, change: (flow: RecipeNode[]) => RecipeNode[]): Promise<string> {
    const folder = path.join(this.folder, `later-${version}`);
    await mkdir(folder);
    await run('tar', ['-xzf', await this.ripe(), '-C', folder]);
    const edit = async (name: string, work: (content: never) => unknown) => {
      const file = path.join(folder, 'package', name);
      await writeFile(file, JSON.stringify(work(JSON.parse(await readFile(file, 'utf8')) as never)));
    };
    await edit('package.json', (manifest: object) => ({ ...manifest, version }));
    await edit('flows/ripe.json', change);
    const tarball = path.join(this.folder, `ripe-${version}.tgz`);
    await run('tar', ['-czf', tarball, '-C', folder, 'package']);
    return tarball;
  }

  /** The garden page, as it is published. */
  async widget(): Promise<string> {
    ensureDist();
    return this.#pack(path.join(ROOT, 'dashboard'));
  }

  /** FlowFuse Dashboard 2: the version that is installed here. */
  dashboard(): Promise<string> {
    return this.#pack(path.join(ROOT, 'node_modules/@flowfuse/node-red-dashboard'));
  }

  /** The frost guard of examples/ under a version, with its code changed where a test wants it. */
  async frostGuard(version: string, change: (code: string) => string = (code) => code): Promise<string> {
    const folder = path.join(this.folder, `frost-guard-${version}`);
    await cp(path.join(ROOT, 'examples/frost-guard'), folder, { recursive: true });
    const edit = async (name: string, work: (text: string) => string) => {
      const file = path.join(folder, name);
      await writeFile(file, work(await readFile(file, 'utf8')));
    };
    await edit('package.json', (text) => text.replace('"version": "1.0.0"', `"version": "${version}"`));
    await edit('agent.js', (code) => change(code.replace("version: '1.0.0'", `version: '${version}'`)));
    return this.#pack(folder);
  }

  async dispose(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Without scripts: what is packed is built already. */
  async #pack(folder: string): Promise<string> {
    const args = ['pack', folder, '--ignore-scripts', '--json', '--pack-destination', this.folder];
    const { stdout } = await run('npm', args, {
      env: { ...process.env, ...npmEnvironment() },
      cwd: this.folder,
    });
    const [packed] = JSON.parse(stdout) as { filename: string }[];
    assert.ok(packed, stdout);
    return path.join(this.folder, path.basename(packed.filename));
  }
}

export const LOGIN = { username: 'admin', password: 'garden' };
/** May look, and nothing else. */
export const READER = { username: 'visitor', password: 'garden' };
/** `garden`, as Node-RED wants it: by bcrypt. */
const HASH = '$2b$08$fiym1iUlxNEdtEWyGsWovuJKCqnnlPbWtnIK/6KVUVbPl/kp9xwfW';

/** A Node-RED as somebody has just installed it, with a login: its editor at `/`, no RIPE, no flow, no catalogue from outside. */
export function startEmptyNodeRed({
  nodesDir = [],
  flow = [],
  nodeRed,
}: {
  nodesDir?: readonly string[];
  flow?: readonly object[];
  nodeRed?: string | undefined;
} = {}): Promise<NodeRedProcess> {
  const settings = {
    httpAdminRoot: '/',
    nodesDir,
    adminAuth: {
      type: 'credentials',
      users: [
        { username: LOGIN.username, password: HASH, permissions: '*' },
        { username: READER.username, password: HASH, permissions: 'read' },
      ],
    },
    editorTheme: { tours: false, projects: { enabled: false }, palette: { catalogues: [] } },
  };
  const version = nodeRed === undefined ? {} : { nodeRed };
  return NodeRedProcess.start({ flow, env: npmEnvironment(), settings, ...version });
}

/** The palette manager's admin HTTP API of a running Node-RED. */
export class Palette {
  readonly #nodeRed: NodeRedProcess;
  #token = '';

  constructor(nodeRed: NodeRedProcess) {
    this.#nodeRed = nodeRed;
  }

  async logIn(user = LOGIN): Promise<void> {
    const scope = user === LOGIN ? '*' : 'read';
    const form = { client_id: 'node-red-admin', grant_type: 'password', scope, ...user };
    const answer = await this.call('POST', '/auth/token', JSON.stringify(form));
    this.#token = (answer as { access_token: string }).access_token;
  }

  /** As the palette's Install tab does with a file. */
  async upload(tarball: string): Promise<void> {
    const body = new FormData();
    body.set('tarball', new Blob([await readFile(tarball)]), path.basename(tarball));
    await this.call('POST', '/nodes', body);
  }

  async remove(module: string): Promise<void> {
    await this.call('DELETE', `/nodes/${module}`);
  }

  async deploy(flow: readonly object[]): Promise<void> {
    await this.call('POST', '/flows', JSON.stringify(flow));
  }

  async call(method: string, place: string, body?: FormData | string): Promise<unknown> {
    const response = await this.send(method, place, body);
    const text = await response.text();
    const { lines } = this.#nodeRed;
    assert.ok(response.ok, `${method} ${place}: ${response.status} ${text}\n${lines.join('\n')}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  send(method: string, place: string, body?: FormData | string): Promise<Response> {
    const headers = {
      accept: 'application/json',
      ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
      ...(this.#token === '' ? {} : { authorization: `Bearer ${this.#token}` }),
    };
    const request = { method, headers, ...(body === undefined ? {} : { body }) };
    return fetch(`${this.#nodeRed.url}${place}`, request);
  }
}
