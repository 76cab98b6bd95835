/** Material Design icons, which the dashboard brings, by what a sensor is called. */
const ICONS: readonly (readonly [RegExp, string])[] = [
  [/tomat|apple|apfel|beere|berr(?:y|ies)|cherr(?:y|ies)|kirsch|frucht|fruit/i, 'mdi-fruit-cherries'],
  [/basil|herb|kräuter|mint|minze|petersil|parsley|thym|rosmar|salbei|lavend/i, 'mdi-leaf'],
  [/carrot|möhre|karotte|gemüse|veg/i, 'mdi-carrot'],
  [/chil|pepper|paprika|pepperoni/i, 'mdi-chili-mild'],
  [/kakt|cact|aloe|sukkulent|succulent/i, 'mdi-cactus'],
  [/rose|blume|flower|tulp|orchid|lilie|lily|dahli/i, 'mdi-flower'],
  [/baum|tree|ficus|linde|eiche|oak|birch|birke/i, 'mdi-tree'],
  [/palm/i, 'mdi-palm-tree'],
  [/rasen|lawn|gras|wiese/i, 'mdi-grass'],
  [/mushroom|pilz/i, 'mdi-mushroom'],
  [/corn|mais|weizen|wheat|barley/i, 'mdi-corn'],
  [/greenhouse|gewächs/i, 'mdi-greenhouse'],
  [/pot|topf|balkon|balcony/i, 'mdi-flower-outline'],
];
const OTHERS = ['mdi-sprout', 'mdi-leaf', 'mdi-flower-tulip', 'mdi-clover'] as const;
/** Around the colour wheel, without the reds of warnings. */
const HUES = [140, 95, 170, 60, 200, 260, 35, 300] as const;

export interface PlantIcon {
  readonly icon: string;
  readonly hue: number;
}

/** The same for a sensor at every visit. */
export function plantIcon({ id, name }: { readonly id: number; readonly name: string }): PlantIcon {
  const known = ICONS.find(([pattern]) => pattern.test(name))?.[1];
  return { icon: known ?? OTHERS[id % OTHERS.length] ?? 'mdi-sprout', hue: HUES[id % HUES.length] ?? 140 };
}
