interface Untold {
  startedAt: number | null;
  maySet: boolean;
}

/** Jobs of one agent whose end is still to be told to it, each of them once. */
export class UntoldEnds {
  readonly #jobs = new Map<string, Untold>();

  /** `maySet`: it sets the actuator also where another one is the agent's job, until that begins. */
  expect(id: string, { startedAt, maySet }: Untold): void {
    this.#jobs.set(id, { startedAt, maySet });
  }

  get isEmpty(): boolean {
    return this.#jobs.size === 0;
  }

  has(id: string): boolean {
    return this.#jobs.has(id);
  }

  started(id: string, at: number | null): void {
    const untold = this.#jobs.get(id);
    if (untold !== undefined) untold.startedAt = at;
  }

  /** When it started; null: nothing has been heard of that. */
  startOf(id: string): number | null {
    return this.#jobs.get(id)?.startedAt ?? null;
  }

  maySet(id: string): boolean {
    return this.#jobs.get(id)?.maySet === true;
  }

  /** None of them may set the actuator any more. */
  revoke(): void {
    for (const untold of this.#jobs.values()) untold.maySet = false;
  }

  /** Its end is told now; false where it has been told before, or was never expected. */
  tell(id: string): boolean {
    return this.#jobs.delete(id);
  }
}
