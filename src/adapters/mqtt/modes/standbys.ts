import type { BrokerConnection } from '../link/broker-connection.ts';
import type { ModeOptions } from './pool-mode.ts';
import type { Held } from './service.ts';
import { Standby } from './standby.ts';

/** The brokers that are preferred to the one in service, the best first. */
export class Standbys {
  readonly #options: ModeOptions;
  readonly #onSteady: () => void;
  #standbys: Standby[] = [];
  #ending: Promise<unknown> = Promise.resolve();

  constructor(options: ModeOptions, onSteady: () => void) {
    this.#options = options;
    this.#onSteady = onSteady;
  }

  get hasSteady(): boolean {
    return this.#standbys.some(({ isSteady }) => isSteady);
  }

  /** Those that are there already stay as they are. */
  use(connections: readonly BrokerConnection[], steadyMs: number): void {
    const former = this.#standbys;
    this.#standbys = connections.map(
      (connection) =>
        former.find((standby) => standby.connection === connection && standby.steadyMs === steadyMs) ??
        new Standby(connection, steadyMs, this.#options, this.#onSteady),
    );
    this.#end(former.filter((standby) => !this.#standbys.includes(standby)));
  }

  takeSteady(): Held | null {
    return this.#take(({ isSteady }) => isSteady);
  }

  takeOpen(): Held | null {
    return this.#take(({ isOpen }) => isOpen);
  }

  async stop(): Promise<void> {
    this.#end(this.#standbys.splice(0));
    await this.#ending;
  }

  #take(isWanted: (standby: Standby) => boolean): Held | null {
    const found = this.#standbys.find(isWanted);
    const held = found?.take() ?? null;
    this.#standbys = this.#standbys.filter((standby) => standby !== found);
    return held;
  }

  #end(standbys: Standby[]): void {
    if (standbys.length > 0) this.#ending = Promise.all([this.#ending, ...standbys.map((one) => one.stop())]);
  }
}
