/** Material Design icons, at rest and at work, by what an agent is called. */
const ICONS: readonly (readonly [name: RegExp, icon: string, atWork: string])[] = [
  [/light|lamp|licht|led\b/i, 'mdi-lightbulb-outline', 'mdi-lightbulb-on'],
  [/fan\b|vent|lüft/i, 'mdi-fan-off', 'mdi-fan'],
  [/heat|heiz|wärm|frost/i, 'mdi-radiator-off', 'mdi-radiator'],
  [/mist|fog|nebel|humid/i, 'mdi-weather-fog', 'mdi-weather-fog'],
];
const WATER = ['mdi-water-outline', 'mdi-water'] as const;

export function agentIcon(domain: string, isAtWork: boolean): string {
  const [, ...icons] = ICONS.find(([name]) => name.test(domain)) ?? [null, ...WATER];
  return icons[isAtWork ? 1 : 0] ?? WATER[0];
}
