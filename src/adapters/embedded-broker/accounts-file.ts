import { readFileSync, statSync } from 'node:fs';
import Type, { type Static } from 'typebox';
import { covers, isFilter } from '../../domain/broker/topic-rules.ts';
import { compileCheck } from '../../domain/check.ts';
import { fieldError } from '../../domain/errors.ts';
import type { Account } from './account.ts';

const AccountEntry = Type.Object(
  {
    username: Type.String({ minLength: 1, maxLength: 128 }),
    password: Type.String({ minLength: 8, maxLength: 1_024 }),
    subscribe: Type.Optional(Type.Array(Type.String(), { maxItems: 100 })),
    publish: Type.Optional(Type.Array(Type.String(), { maxItems: 100 })),
  },
  { additionalProperties: false },
);
type AccountEntry = Static<typeof AccountEntry>;
const checkAccounts = compileCheck(Type.Array(AccountEntry, { maxItems: 100 }), 'mqttAccounts');

/** Named accounts of the embedded broker, as a person writes them; an error names the entry, never a password. */
export function parseAccounts(text: string): Account[] {
  const entries = checkAccounts(parseJson(text));
  const names = new Set(entries.map(({ username }) => username));
  if (names.size < entries.length) throw fieldError('mqttAccounts', 'must name every user once');
  return entries.map(toAccount);
}

/** The accounts of that file; none where there is no such file. `warn` hears of one that others may read. */
export function readAccounts(file: string, warn: (line: string) => void): Account[] {
  try {
    const text = readFileSync(file, 'utf8');
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
      warn(`${file} holds passwords and can be read by other users: chmod 600`);
    }
    return parseAccounts(text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // V8 quotes what it could not read, and that may be a password.
    throw fieldError('mqttAccounts', 'is not valid JSON');
  }
}

function toAccount({ username, password, subscribe = [], publish = [] }: AccountEntry): Account {
  for (const [field, rules] of Object.entries({ subscribe, publish })) {
    if (!rules.every(isFilter)) {
      throw fieldError(`mqttAccounts.${username}.${field}`, 'must hold topics and filters of MQTT');
    }
  }
  return {
    username,
    password,
    mayReceive: (topic) => subscribe.some((rule) => covers(rule, topic)),
    mayPublish: (topic) => publish.some((rule) => covers(rule, topic)),
  };
}
