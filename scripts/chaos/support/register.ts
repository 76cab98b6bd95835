/**
 * One value that a garden keeps, as its client knows it: the one that was acknowledged last, and those sent since whose
 * answer never came, which may or may not have been carried out.
 */
export class Register<Value extends string | number | boolean> {
  readonly name: string;
  #acknowledged: Value;
  #unsure: Value[] = [];
  #isForgotten = false;
  /** How many changes were acknowledged. */
  count = 0;

  constructor(name: string, value: Value) {
    this.name = name;
    this.#acknowledged = value;
  }

  get acknowledged(): Value {
    return this.#acknowledged;
  }

  wasAcknowledged(value: Value): void {
    this.#acknowledged = value;
    this.#unsure = [];
    this.#isForgotten = false;
    this.count += 1;
  }

  wasNotAnswered(value: Value): void {
    this.#unsure.push(value);
  }

  /** Takes whatever is shown next for right. */
  forget(): void {
    this.#isForgotten = true;
  }

  /** What is wrong with the value that the garden shows; null: nothing. From then on it is the known one. */
  check(shown: Value): string | null {
    const isRight = this.#isForgotten || shown === this.#acknowledged || this.#unsure.includes(shown);
    const wrong = isRight ? null : `${this.name} is ${shown}, acknowledged was ${this.#acknowledged}`;
    this.#acknowledged = shown;
    this.#unsure = [];
    this.#isForgotten = false;
    return wrong;
  }
}
