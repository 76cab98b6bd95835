import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './dist.ts';
import type { Ripe } from './ripe.ts';

const README = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
const WALK = 'From curl to a watered plant, in five minutes';
const ASSIGNMENT = /^(?:[A-Z]+=\S+|[A-Z]+=\$\(.*\))( [A-Z]+=\S+)*$/;

/** What a heading of the README is followed by, up to the next one. */
export function sectionOf(heading: string): string {
  const [, section] = README.split(`\n## ${heading}\n`);
  assert.ok(section, `the README has a section ${heading}`);
  return section.split('\n## ')[0] ?? '';
}

export function blocksOf(section: string, language: string): string[] {
  return [...section.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, name, text = '']) =>
    name === language ? [text.trim()] : [],
  );
}

/** A person at a terminal, who types what the README prints; only the ports are those of the test. */
export class ReadmeWalk {
  readonly #ripe: Ripe;
  readonly #blocks = blocksOf(sectionOf(WALK), 'sh');
  readonly #open: ChildProcess[] = [];
  /** What the terminal remembers from one command to the next. */
  #variables = '';

  constructor(ripe: Ripe) {
    this.#ripe = ripe;
  }

  /** How many blocks are left to type. */
  get left(): number {
    return this.#blocks.length;
  }

  /** As the next block wants it: instead of the values that it prints, those of this sensor. */
  remember(id: number, key: string): void {
    const block = this.#blocks.shift() ?? '';
    assert.match(block, /^ID=\d+ KEY=\w+$/);
    this.#variables += `ID=${id} KEY=${key}\n`;
  }

  /** Types the next block, and gives what it answers. */
  async type(begin: string): Promise<string> {
    const { stdout } = await promisify(execFile)('bash', ['-euc', this.#next(begin)]);
    assert.doesNotMatch(stdout, /"error"/);
    return stdout;
  }

  /** Types the next block, which goes on until `close`; gives its lines as they come. */
  listen(begin: string): readonly string[] {
    const lines: string[] = [];
    const child = spawn('bash', [
      '-euc',
      this.#next(begin).replace(/\nmosquitto_sub/, '\nexec mosquitto_sub'),
    ]);
    this.#open.push(child);
    child.stdout.on('data', (chunk: Buffer) => lines.push(...chunk.toString().trim().split('\n')));
    return lines;
  }

  close(): void {
    for (const child of this.#open) child.kill('SIGKILL');
  }

  #next(begin: string): string {
    const block = this.#blocks.shift() ?? '';
    assert.ok(block.includes(begin), `the next block of the README is ${block}`);
    const { port, mqttPort } = this.#ripe;
    const typed = block.replaceAll(':1880', `:${port}`).replaceAll('-p 1883', `-p ${mqttPort}`);
    const script = `${this.#variables}${typed}`;
    for (const line of typed.split('\n')) if (ASSIGNMENT.test(line)) this.#variables += `${line}\n`;
    return script;
  }
}
