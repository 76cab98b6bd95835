/** What runs in a garden, in the order in which it has to stop. */
export type Role = 'runtime' | 'runner' | 'pool' | 'broker' | 'store';

const LONGEST_WAIT_MS = 5_000;

/**
 * Who is still at work. Node-RED closes all nodes at once; here each waits for those before it, so that the last
 * vectors find a connected pool, and the last changes an open store.
 */
export class Attendance {
  readonly #present = new Map<Role, number>();
  readonly #waiting = new Set<() => void>();

  /** Comes to work; call the answer once when done. */
  attend(role: Role): () => void {
    this.#present.set(role, (this.#present.get(role) ?? 0) + 1);
    let isPresent = true;
    return () => {
      if (!isPresent) return;
      isPresent = false;
      this.#present.set(role, (this.#present.get(role) ?? 1) - 1);
      for (const look of [...this.#waiting]) look();
    };
  }

  has(role: Role): boolean {
    return (this.#present.get(role) ?? 0) > 0;
  }

  /** Resolves when nobody of these roles is at work any more, at the latest after 5 s. */
  gone(...roles: Role[]): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (roles.some((role) => this.has(role))) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        resolve();
      }, LONGEST_WAIT_MS);
      this.#waiting.add(look);
      look();
    });
  }
}
