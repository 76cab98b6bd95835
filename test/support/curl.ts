import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';

export interface Answer {
  readonly status: number;
  readonly type: string;
  /** One character per byte, as it came. */
  readonly text: string;
  readonly body: unknown;
}

export interface Call {
  readonly key?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly raw?: string | Uint8Array;
  /** An empty text takes a header away that curl would send. */
  readonly headers?: Readonly<Record<string, string>>;
}

const ALWAYS = ['-q', '-sS', '--noproxy', '*', '--path-as-is', '--globoff', '--max-time', '20'];
const NON_ASCII = /[^\t\n\r -~]/;

/** One call by curl. Whatever is asked, RIPE never answers with 500 and never with a JSON that is not ASCII. */
export async function curl(
  { url }: { readonly url: string },
  method: string,
  path: string,
  { key, body, raw, headers = {} }: Call = {},
): Promise<Answer> {
  const data = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const args = [...ALWAYS, '-X', method, '-w', '\n%{http_code} %{content_type}'];
  const all = {
    ...(data === undefined ? {} : { 'Content-Type': 'application/json', Expect: '' }),
    ...(key === undefined ? {} : { 'X-KEY': key }),
    ...headers,
  };
  for (const [name, value] of Object.entries(all))
    args.push('-H', `${name}:${value === '' ? '' : ` ${value}`}`);
  if (data !== undefined) args.push('--data-binary', '@-');
  return read(await run([...args, url + path], data), method, path);
}

function run(args: string[], input: string | Uint8Array | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      'curl',
      args,
      { encoding: 'latin1', maxBuffer: 8 << 20 },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`curl: ${stderr}`, { cause: error }));
      },
    );
    // A refused body is not read to its end.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

function read(output: string, method: string, path: string): Answer {
  const end = output.lastIndexOf('\n');
  const text = output.slice(0, end);
  const [code, type = ''] = output.slice(end + 1).split(/ (.*)/);
  const status = Number(code);
  assert.notEqual(status, 500, `${method} ${path} is answered with 500: ${text}`);
  const isJson = /^application\/json\b/.test(type);
  // The editor's own routes are Node-RED's.
  if (isJson && path.startsWith('/api')) assert.doesNotMatch(text, NON_ASCII, `${method} ${path} is ASCII`);
  return { status, type, text, body: isJson ? JSON.parse(text) : undefined };
}

/** Fails unless the answer is a refusal as RIPE words it: `{"error": text}`, which names the field. */
export function refused(answer: Answer, status: number, names: RegExp | string = ''): void {
  assert.equal(answer.status, status, answer.text);
  const { error } = (answer.body ?? {}) as { error?: unknown };
  assert.equal(typeof error, 'string', `{"error": text} is the answer: ${answer.text}`);
  assert.match(
    String(error),
    names instanceof RegExp ? names : new RegExp(names.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')),
  );
}

/** The body of a call that succeeds. */
export function accepted<Body>(answer: Answer): Body {
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.type, /^application\/json/);
  return answer.body as Body;
}
