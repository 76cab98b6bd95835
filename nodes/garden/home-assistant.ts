import type { Node } from 'node-red';
import { fieldError } from '../../src/domain/errors.ts';
import type { HomeAssistantSettings } from '../../src/domain/home-assistant/settings.ts';
import { choiceField, integerField, textField } from '../shared/fields.ts';
import type { RipeSettings } from '../shared/settings.ts';

const DEFAULT_PREFIX = 'homeassistant';
const DEFAULT_SILENT_MINUTES = 60;
const MOST_MINUTES = 14 * 24 * 60;
const OFF_WORDS = ['off', 'false', 'no', '0'];

interface Credentials {
  readonly homeAssistantUser?: string;
  readonly homeAssistantPassword?: string;
}

/** What the dialog says, then what RIPE_HOME_ASSISTANT says, then off. Null: off. */
export function parseHomeAssistant(
  def: Readonly<Record<string, unknown>>,
  settings: RipeSettings,
  node: Node,
): HomeAssistantSettings | null {
  const setting = settings.homeAssistant;
  const isOnBySetting = setting !== undefined && !OFF_WORDS.includes(setting.toLowerCase());
  const choice = choiceField(def, 'homeAssistant', ['on', 'off']) ?? (isOnBySetting ? 'on' : 'off');
  const prefix = textField(def, 'homeAssistantPrefix') ?? settings.homeAssistantPrefix ?? DEFAULT_PREFIX;
  if (/[+#\0]/.test(prefix) || /^\/|\/$/.test(prefix) || prefix.startsWith('ripe/')) {
    throw fieldError('homeAssistantPrefix', 'must be a topic without + and #, and without / at its ends');
  }
  const minutes = integerField(def, 'homeAssistantSilence', 1, MOST_MINUTES) ?? DEFAULT_SILENT_MINUTES;
  if (choice === 'off') return null;
  const account = accountOfDialog(node.credentials as Credentials | undefined) ?? accountOfSetting(setting);
  return { prefix, silentMs: minutes * 60_000, account };
}

function accountOfDialog(credentials: Credentials = {}): HomeAssistantSettings['account'] {
  const { homeAssistantUser: username, homeAssistantPassword: password } = credentials;
  if (!username) return null;
  if (!password) throw fieldError('homeAssistantPassword', 'is missing');
  return { username, password };
}

/** `user:password`; the password may hold further colons. */
function accountOfSetting(setting: string | undefined): HomeAssistantSettings['account'] {
  const [, username, password] = /^([^:]+):(.+)$/s.exec(setting ?? '') ?? [];
  return username === undefined || password === undefined ? null : { username, password };
}
