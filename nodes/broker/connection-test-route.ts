import type { Request, Response } from 'express';
import type { Node, NodeAPI } from 'node-red';
import { testConnection } from '../../src/adapters/mqtt/connection-test.ts';
import { RipeError } from '../../src/domain/errors.ts';
import { isObject } from '../../src/domain/json.ts';
import { parseBroker } from './config.ts';

type Fields = Record<string, unknown>;

/** What the editor shows in place of a password that it does not know. */
const UNTOUCHED = '__PWRD__';

/**
 * For the button of the dialogs: tries the broker as it stands there, deployed or not. Whoever may deploy may
 * test; the answer holds no secret.
 */
export function offerConnectionTest(RED: NodeAPI): void {
  RED.httpAdmin.post('/ripe/broker/test', RED.auth.needsPermission('flows.write'), (request, response) => {
    void answer(RED, request, response);
  });
}

async function answer(RED: NodeAPI, request: Request, response: Response): Promise<void> {
  try {
    const { id, fields, credentials } = bodyOf(request.body);
    const stored = id === undefined ? {} : ((RED.nodes.getCredentials(id) ?? {}) as Fields);
    const node = { credentials: filledIn(RED, chosen(credentials, stored)) } as Node;
    const broker = parseBroker(filledIn(RED, fields), node);
    if (broker.kind === 'embedded') response.json({ ok: false, problem: 'embedded', code: null });
    else response.json(await testConnection(broker.internal, broker.protocol));
  } catch (error) {
    if (!(error instanceof RipeError)) throw error;
    response.json({ ok: false, problem: 'incomplete', code: error.message });
  }
}

function bodyOf(body: unknown): { id: string | undefined; fields: Fields; credentials: Fields } {
  const { id, fields, credentials } = isObject(body) ? body : {};
  return {
    id: typeof id === 'string' ? id : undefined,
    fields: isObject(fields) ? fields : {},
    credentials: isObject(credentials) ? credentials : {},
  };
}

/** What the dialog says, and the stored ones where it does not know them. */
function chosen(given: Fields, stored: Fields): Fields {
  const known = Object.entries(given).filter(([, value]) => typeof value === 'string' && value !== UNTOUCHED);
  return { ...stored, ...Object.fromEntries(known) };
}

/** A field may be `${NAME}` of the environment, which Node-RED fills in when it makes a node. */
function filledIn(RED: NodeAPI, fields: Fields): Fields {
  const entries = Object.entries(fields).map(([name, value]) => {
    const variable = typeof value === 'string' ? /^\$\{(\S+)\}$/.exec(value)?.[1] : undefined;
    if (variable === undefined) return [name, value];
    return [name, RED.util.evaluateNodeProperty(variable, 'env', null as never, {})];
  });
  return Object.fromEntries(entries);
}
