/** What the page asks for. Whoever has its password may do so much and no more: no plugins, no keys, no deleting. */
const CALLS: readonly (readonly [methods: readonly string[], path: RegExp])[] = [
  [['GET'], /^\/api\/(?:overview|agent)$/],
  [['POST'], /^\/api\/sensor$/],
  [['GET'], /^\/api\/sensor\/\d+\/(?:overview|data|decision|command|log|job)$/],
  [['GET', 'POST'], /^\/api\/agent\/\d+$/],
  [['GET', 'POST', 'PATCH'], /^\/api\/agent\/\d+\/[^/]+(?:\/(?:settings|what-if))?$/],
];

export function isPageCall({
  method,
  path,
}: {
  readonly method?: unknown;
  readonly path?: unknown;
}): boolean {
  if (typeof method !== 'string' || typeof path !== 'string') return false;
  const [place = ''] = path.split('?', 1);
  return CALLS.some(([methods, pattern]) => methods.includes(method) && pattern.test(place));
}
