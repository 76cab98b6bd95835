const LONGEST_TEXT = 1_000;

/** What an author reads of an error of plugin code. */
export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, LONGEST_TEXT);
  // "Unexpected end of input" alone does not say of what.
  const name = error instanceof SyntaxError ? 'syntax error: ' : '';
  return (deniedText(error) ?? name + error.message).slice(0, LONGEST_TEXT);
}

/** Node.js tells an author to use a flag, which is not for plugins. */
function deniedText(error: Error): string | undefined {
  const { code, resource } = error as { code?: unknown; resource?: unknown };
  if (code !== 'ERR_ACCESS_DENIED') return undefined;
  const what = typeof resource === 'string' && resource !== '' ? resource : error.message;
  return `no access to ${what}: a plugin reads its own files and installed modules, and nothing else`;
}
