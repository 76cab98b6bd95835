// What Vue's compiler puts into a page's code, with what Vue's own declarations leave open: which props a component takes, and of which
// events it tells.
import type { Fragment, SetupContext, Teleport, VNode } from 'vue';

export * from 'vue';

interface Component<Props, Event extends string> {
  readonly props: Props;
  readonly events: Event;
}

interface Options<Props, Event extends string> {
  readonly __name?: string;
  readonly props?: object;
  readonly emits?: Event[];
  setup(props: Props, context: SetupContext<Event[]>): unknown;
}

/** As templates write the name of a prop: `is-on`. */
type Hyphenated<Name extends string> = Name extends `${infer First}${infer Others}`
  ? `${First extends Lowercase<First> ? First : `-${Lowercase<First>}`}${Hyphenated<Others>}`
  : Name;

type Given<Props, Event extends string> = {
  [Name in keyof Props as Hyphenated<Name & string>]: Props[Name];
} & {
  readonly [Name in Event as `on${Capitalize<Name>}`]?: (...parts: never[]) => unknown;
} & { readonly key?: PropertyKey };

type Rest<Props, Event extends string> =
  Record<never, never> extends Props
    ? [given?: Given<Props, Event> | null, ...others: unknown[]]
    : [given: Given<Props, Event>, ...others: unknown[]];

interface Create {
  (type: typeof Fragment | typeof Teleport, ...rest: unknown[]): VNode;
  <Props, Event extends string>(type: Component<Props, Event>, ...rest: Rest<Props, Event>): VNode;
}

export declare function defineComponent<Props, Event extends string = never>(
  options: Options<Props, Event>,
): Component<Props, Event>;
export declare const createVNode: Create;
export declare const createBlock: Create;
