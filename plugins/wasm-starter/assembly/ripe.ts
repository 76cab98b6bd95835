import { Json, parseJson } from './json';

/** What an agent type answers: each a text of JSON, as the function of that name returns it in JavaScript. */
export abstract class Agent {
  abstract describe(): string;
  abstract start(settings: Json): string;
  abstract decide(event: Json, view: Json): string;
  abstract render(view: Json): string;

  /** Asked only where the description says "migrates": true. */
  migrate(_state: Json, _fromVersion: string): string {
    return '';
  }
}

let agent: Agent | null = null;

/** Says which agent type this module is. */
export function serve(type: Agent): void {
  agent = type;
}

// @ts-ignore: decorator
@external('ripe', 'log')
declare function hostLog(pointer: usize, length: usize): void;

/** A line for RIPE's log; at most 20 in one call. */
export function log(line: string): void {
  const bytes = String.UTF8.encode(line);
  hostLog(changetype<usize>(bytes), bytes.byteLength);
}

export function ripe_abi(): i32 {
  return 1;
}

export function ripe_alloc(length: usize): usize {
  return heap.alloc(length);
}

export function ripe_free(pointer: usize): void {
  heap.free(pointer);
}

export function ripe_describe(): usize {
  return answer(agent!.describe());
}

export function ripe_call(pointer: usize, length: usize): usize {
  const input = parseJson(String.UTF8.decodeUnsafe(pointer, length));
  const fn = input.member('fn').text();
  if (fn == 'start') return answer(agent!.start(input.member('settings')));
  if (fn == 'decide') return answer(agent!.decide(input.member('event'), input.member('view')));
  if (fn == 'render') return answer(agent!.render(input.member('view')));
  return answer(agent!.migrate(input.member('state'), input.member('fromVersion').text()));
}

/** The length (u32) and the text; RIPE frees it. 0: no answer. */
function answer(text: string): usize {
  if (text.length == 0) return 0;
  const length = String.UTF8.byteLength(text);
  const pointer = heap.alloc(4 + length);
  store<u32>(pointer, length);
  String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, pointer + 4);
  return pointer;
}
