/** Of the bands of agents, told apart also by who does not see all colours. */
const LIGHT = ['#0b5fa5', '#b35c00', '#6a3fb5', '#00796b', '#a8201a', '#5d5d00'] as const;
const DARK = ['#7dbdf5', '#ffb868', '#c3a6ff', '#6fd3c4', '#ffa39b', '#d8d86a'] as const;

/** Each agent of a sensor has a colour, in the order of their domains. */
export function agentColours(domains: readonly string[], isDark: boolean): Map<string, string> {
  const palette = isDark ? DARK : LIGHT;
  return new Map(domains.map((domain, index) => [domain, palette[index % palette.length] ?? palette[0]]));
}
