import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

const COLOURS = ['#24292f', '#ff7b72', '#7ee787', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#d0d7de'];

/** Runs a command in a terminal of its own (tmux), and gives its screen after `ms` as an HTML page. */
export async function terminalPicture(
  command: string,
  size: { x: number; y: number },
  ms: number,
): Promise<string> {
  const session = `ripe-${process.pid}`;
  const tmux = (...args: string[]) => execFileSync('tmux', ['-L', session, ...args], { encoding: 'utf8' });
  tmux('new-session', '-d', '-s', session, '-x', String(size.x), '-y', String(size.y), command);
  try {
    await pause(ms);
    return page(tmux('capture-pane', '-t', session, '-p', '-e'));
  } finally {
    // The program ends itself, and with it this terminal.
    tmux('send-keys', '-t', session, 'C-c');
    await pause(1_000);
  }
}

function page(screen: string): string {
  const style =
    'margin:0;padding:16px;background:#0d1117;color:#d0d7de;font:15px/1.35 "DejaVu Sans Mono",monospace';
  return `<meta charset="utf-8"><body style="margin:0"><pre style='${style}'>${toHtml(screen.trimEnd())}</pre>`;
}

/** Bold, dim and the eight colours: what a quiet terminal program uses. */
function toHtml(screen: string): string {
  const ESCAPE = String.fromCharCode(27);
  let state = { bold: false, dim: false, colour: '' };
  const parts = screen.split(`${ESCAPE}[`).map((part, index) => {
    if (index === 0) return escapeHtml(part);
    const end = part.indexOf('m');
    state = part.slice(0, end).split(';').reduce(applyCode, state);
    const style = `${state.bold ? 'font-weight:bold;' : ''}${state.dim ? 'opacity:.6;' : ''}${state.colour}`;
    return `<span style="${style}">${escapeHtml(part.slice(end + 1))}</span>`;
  });
  return parts.join('');
}

type Look = { bold: boolean; dim: boolean; colour: string };

function applyCode(state: Look, text: string): Look {
  const code = Number(text || 0);
  if (code === 0) return { bold: false, dim: false, colour: '' };
  if (code === 1) return { ...state, bold: true };
  if (code === 2) return { ...state, dim: true };
  if (code === 22) return { ...state, bold: false, dim: false };
  if (code === 39) return { ...state, colour: '' };
  if (code >= 30 && code <= 37) return { ...state, colour: `color:${COLOURS[code - 30]}` };
  return state;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
