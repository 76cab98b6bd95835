/** Which sensors somebody means: all of them, one by its id, or those whose names match a pattern. */
export type SensorChoice = { readonly of: 'all' } | OneSensor;

/** One sensor, or those that share a name. */
export type OneSensor =
  | { readonly of: 'one'; readonly id: number }
  | { readonly of: 'named'; readonly pattern: string };

interface Named {
  readonly id: number;
  readonly name: string;
}

/** A test for `choice`. In a pattern `*` stands for anything, `?` for one character; case does not matter. */
export function chooser(choice: SensorChoice): (sensor: Named) => boolean {
  switch (choice.of) {
    case 'all':
      return () => true;
    case 'one':
      return ({ id }) => id === choice.id;
    case 'named': {
      const pattern = patternOf(choice.pattern);
      return ({ name }) => pattern.test(name.trim());
    }
  }
}

function patternOf(text: string): RegExp {
  // Several stars in a row are one: else a long row of them would be tried in every combination.
  const literal = text
    .trim()
    .replaceAll(/\*+/g, '*')
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'isu');
}
