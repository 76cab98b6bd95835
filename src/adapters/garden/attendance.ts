/** What runs in a garden, in the order in which it has to stop. */
export type Role = 'runtime' | 'runner' | 'pool' | 'broker';

/** One at work in a garden. */
export interface Presence {
  /** Has begun to stop: others wait for it. */
  leaving(): void;
  /** Has stopped. */
  left(): void;
}

interface Present {
  readonly role: Role;
  isLeaving: boolean;
}

/** Node-RED tells all nodes of a deploy to close within one turn. */
const GRACE_MS = 20;
const LONGEST_WAIT_MS = 5_000;

/**
 * Who is at work. Node-RED closes all nodes at once; here each waits for those before it, so that the last vectors
 * find a connected pool, and the last changes an open store.
 */
export class Attendance {
  readonly #present = new Set<Present>();
  readonly #waiting = new Set<() => void>();
  readonly #watching = new Map<Role, Set<() => void>>();

  attend(role: Role): Presence {
    const present: Present = { role, isLeaving: false };
    this.#present.add(present);
    return {
      leaving: () => {
        present.isLeaving = true;
      },
      left: () => {
        if (!this.#present.delete(present)) return;
        for (const look of [...this.#waiting]) look();
        for (const watch of [...(this.#watching.get(role) ?? [])]) watch();
      },
    };
  }

  /** Calls back whenever one of this role has left; the answer ends that. */
  onLeft(role: Role, watch: () => void): () => void {
    const watching = this.#watching.get(role) ?? new Set();
    this.#watching.set(role, watching);
    watching.add(watch);
    return () => watching.delete(watch);
  }

  has(role: Role): boolean {
    return [...this.#present].some((present) => present.role === role);
  }

  /**
   * Resolves when all of these roles have left that are leaving too, at the latest after 5 s. Who stays, as in a
   * deploy of single nodes, is not waited for.
   */
  async gone(...roles: Role[]): Promise<void> {
    await this.#until(() => !this.#isAnyLeaving(roles));
  }

  /** As `gone`, where nobody stays: also waits for those that have not begun to leave, since they are still starting. */
  async empty(): Promise<void> {
    await this.#until(() => this.#present.size === 0);
  }

  async #until(isDone: () => boolean): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, GRACE_MS));
    await new Promise<void>((resolve) => {
      const look = () => {
        if (!isDone()) return;
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

  #isAnyLeaving(roles: readonly Role[]): boolean {
    return [...this.#present].some((present) => present.isLeaving && roles.includes(present.role));
  }
}
