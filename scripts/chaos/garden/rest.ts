export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const ANSWER_WITHIN_MS = 10_000;

/** One call of RIPE's REST interface; null: nobody answered, so nobody knows whether it was carried out. */
export async function call(
  url: string,
  method: string,
  { path, key, body }: { readonly path: string; readonly key?: string; readonly body?: unknown },
): Promise<Answer | null> {
  const headers = {
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(key === undefined ? {} : { 'X-KEY': key }),
  };
  const init = {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  };
  try {
    const response = await fetch(`${url}/api/${path}`, init);
    return { status: response.status, body: await response.json() };
  } catch {
    return null;
  }
}

/** A domain as a path names it (protocol §2.2). */
export const base64 = (domain: string): string => Buffer.from(domain).toString('base64');
