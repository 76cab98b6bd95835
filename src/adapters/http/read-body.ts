import type { IncomingMessage } from 'node:http';
import { RipeError } from '../../domain/errors.ts';

const LARGEST_BODY = 64 * 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads a JSON body as text. No content type at all counts as JSON (protocol §2). */
export async function readBody(
  request: IncomingMessage,
  options: { readonly anyType: boolean; readonly seconds: number },
): Promise<string> {
  if (!options.anyType) checkType(request);
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > LARGEST_BODY) throw tooLarge();
  const bytes = Buffer.concat(await collect(request, options.seconds));
  try {
    return utf8.decode(bytes);
  } catch (error) {
    throw new RipeError('RIPE_BODY_JSON', {}, error);
  }
}

function checkType(request: IncomingMessage): void {
  const type = request.headers['content-type'];
  if (type !== undefined && !/^\s*application\/json\s*(?:;|$)/i.test(type))
    throw new RipeError('RIPE_BODY_CONTENT_TYPE');
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    throw new RipeError('RIPE_BODY_ENCODING');
}

function collect(request: IncomingMessage, seconds: number): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new RipeError('RIPE_BODY_TIMEOUT', { seconds }));
    const timer = seconds === 0 ? undefined : setTimeout(late, seconds * 1_000);
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= LARGEST_BODY) chunks.push(chunk);
      else {
        request.off('data', take).pause();
        reject(tooLarge());
      }
    };
    request.on('data', take);
    request.on('end', () => {
      clearTimeout(timer);
      resolve(chunks);
    });
    request.on('error', (error) => reject(new RipeError('RIPE_REQUEST_ABORTED', {}, error)));
    request.on('close', () => {
      clearTimeout(timer);
      // It also closes when all is well.
      if (!request.complete) reject(new RipeError('RIPE_REQUEST_ABORTED'));
    });
  });
}

const tooLarge = (): RipeError => new RipeError('RIPE_BODY_TOO_LARGE', { limit: LARGEST_BODY });
