import type { AgentUi } from '../agent/agent-ui.ts';
import type { AnyControls, AnySettings } from '../agent/settings-controls.ts';

/** What an agent is in Home Assistant, by the control that it draws for people. */
export type AgentFace =
  | { readonly platform: 'switch' }
  /** `scale`: a slider from 0 to 1 is shown in percent. */
  | { readonly platform: 'number'; readonly lower: number; readonly upper: number; readonly scale: number }
  /** It takes no commands: its value can be read. */
  | { readonly platform: 'sensor' };

export const ON = 'ON';
export const OFF = 'OFF';

/** Runs of an agent that does not say how long it runs: long enough for most, and nothing is drowned by it. */
const USUAL_RUN_SECONDS = 600;
const LONGEST_RUN_SECONDS = 86_400;

export function faceOf({ decorator }: AgentUi): AgentFace {
  if ('TimePane' in decorator) return { platform: 'switch' };
  if (!('Slider' in decorator)) return { platform: 'sensor' };
  const [lower, upper] = decorator.Slider;
  return { platform: 'number', lower, upper, scale: lower === 0 && upper === 1 ? 100 : 1 };
}

/** The state that Home Assistant shows; `ui` is what a slider stands at. */
export function stateOf(face: AgentFace, value: number, ui: AgentUi | null): string | null {
  if (face.platform === 'switch') return value === 0 ? OFF : ON;
  if (face.platform === 'sensor') return String(value);
  if (ui === null || !('Slider' in ui.decorator)) return null;
  return String(Math.round(ui.decorator.Slider[2] * face.scale * 1000) / 1000);
}

/**
 * A command of Home Assistant as the payload that REST takes (protocol §6): seconds for what goes on and off,
 * slider value × 1000 for what has a slider. Throws an error that says why there is none.
 */
export function forcedPayload(face: AgentFace, text: string, runSeconds: number): number {
  if (face.platform === 'switch') return switchPayload(text, runSeconds);
  if (face.platform === 'sensor') throw new Error('this agent takes no commands');
  const value = numberOf(text);
  const { lower, upper, scale } = face;
  if (value === null || value < lower * scale || value > upper * scale) {
    throw new Error(`the command is no number from ${lower * scale} to ${upper * scale}`);
  }
  return Math.round((value / scale) * 1000);
}

/** Off for as long as it would have been on: a TimeAgent begins again after that (protocol §6). */
function switchPayload(text: string, runSeconds: number): number {
  if (text === ON) return runSeconds;
  if (text === OFF) return -runSeconds;
  const seconds = numberOf(text);
  if (seconds !== null && seconds >= 1 && seconds <= LONGEST_RUN_SECONDS) return Math.round(seconds);
  throw new Error(`the command is not ON, OFF or a number of seconds up to ${LONGEST_RUN_SECONDS}`);
}

function numberOf(text: string): number | null {
  return /^-?\d{1,9}(?:\.\d{1,9})?$/.test(text) ? Number(text) : null;
}

/** How long a switch runs that is put on: the first duration among the agent's settings. */
export function runSeconds(controls: AnyControls, settings: AnySettings): number {
  for (const [name, { kind }] of Object.entries(controls)) {
    const value = settings[name];
    if (kind === 'timeSlider' && typeof value === 'number' && value >= 1000) return Math.round(value / 1000);
  }
  return USUAL_RUN_SECONDS;
}
