import type { IncomingMessage } from 'node:http';

const MOST_BYTES = 4_096;

/** A request that a body parser of Express has had before. */
interface ParsedRequest extends IncomingMessage {
  readonly _body?: boolean;
  readonly body?: object;
}

/** A small HTML form; null where it is larger than any login is, or never ends. */
export async function readForm(request: ParsedRequest): Promise<URLSearchParams | null> {
  // In a new Node-RED the editor is at `/`, and parses every form that comes by.
  if (request._body === true) return parsedForm(request.body ?? {});
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      size += (chunk as Buffer).length;
      if (size > MOST_BYTES) return null;
      chunks.push(chunk as Buffer);
    }
  } catch {
    return null;
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

function parsedForm(body: object): URLSearchParams | null {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) if (typeof value === 'string') form.set(name, value);
  return form.toString().length > MOST_BYTES ? null : form;
}
