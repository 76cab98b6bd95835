const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
export type Tone = keyof typeof CODES;
export type Paint = (text: string, tone: Tone | null) => string;

export const plainPaint: Paint = (text) => text;

const colourPaint: Paint = (text, tone) =>
  tone === null || text.trim() === '' ? text : `\u001b[${CODES[tone]}m${text}\u001b[0m`;

/** Colours only where a person looks at them, and has not asked for none (https://no-color.org). */
export function choosePaint(isTty: boolean, env: NodeJS.ProcessEnv): Paint {
  const isUnwanted = (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
  return isTty && !isUnwanted ? colourPaint : plainPaint;
}

export const HIDE_CURSOR = '\u001b[?25l';
export const SHOW_CURSOR = '\u001b[?25h';
export const CLEAR_SCREEN = '\u001b[2J\u001b[H';
const CLEAR_LINE_END = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** Draws the lines over the `drawn` lines above the cursor, and leaves the cursor below them. */
export function overdraw(lines: readonly string[], drawn: number): string {
  const up = drawn > 0 ? `\u001b[${drawn}A` : '';
  return `${up}\r${lines.map((line) => `${line}${CLEAR_LINE_END}\n`).join('')}${CLEAR_BELOW}`;
}
