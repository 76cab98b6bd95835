import { Agent, type IncomingMessage, request } from 'node:http';
import type { HttpCase } from './http-cases.ts';

export interface HttpOutcome {
  /** 0: the connection was closed without an answer. */
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly head: string;
}

/** Sends calls over connections that stay, with the credentials that a case asks for. */
export class HttpSender {
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 16 });

  constructor(port: number) {
    this.#port = port;
  }

  close(): void {
    this.#agent.destroy();
  }

  send(
    { method, path, headers, body }: HttpCase,
    credentials: Readonly<Record<string, string>>,
  ): Promise<HttpOutcome> {
    return new Promise((resolve) => {
      const options = { host: '127.0.0.1', port: this.#port, method, path, agent: this.#agent };
      const length = body === null ? {} : { 'content-length': Buffer.byteLength(body) };
      const closed = () => resolve({ status: 0, type: '', text: '', head: '' });
      const asked = request({ ...options, headers: { ...headers, ...length, ...credentials } }, (response) =>
        read(response).then(resolve, closed),
      );
      asked.on('error', closed);
      asked.end(body ?? undefined);
    });
  }
}

async function read(response: IncomingMessage): Promise<HttpOutcome> {
  const type = response.headers['content-type'] ?? '';
  const head = JSON.stringify(response.headers);
  const status = response.statusCode ?? 0;
  if (type.startsWith('text/event-stream')) {
    response.destroy();
    return { status, type, text: '', head };
  }
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status, type, text: Buffer.concat(chunks).toString(), head };
}
