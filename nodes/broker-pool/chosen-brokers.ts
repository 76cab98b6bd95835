import path from 'node:path';
import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { BrokerDefinition } from '../../src/adapters/mqtt/address/broker-address.ts';
import { BrokersFile } from '../../src/adapters/mqtt/address/brokers-file.ts';
import { parseBrokers } from '../../src/adapters/mqtt/address/parse-brokers.ts';
import { textOf } from '../../src/domain/errors.ts';
import type { NodeContext } from '../shared/define-node.ts';
import { findBrokers } from '../shared/find-brokers.ts';
import { dataDirectory, ripeSettings } from '../shared/settings.ts';
import type { BrokerPoolConfig } from './config.ts';

/** Which brokers a pool uses: those of brokers.json, else of RIPE_BROKERS, else of its dialog. */
export class ChosenBrokers {
  readonly #context: NodeContext<BrokerPoolConfig>;
  readonly #garden: Garden | undefined;
  readonly #onChanged: (brokers: readonly BrokerDefinition[]) => void;
  readonly #file: BrokersFile;
  readonly #renew = (): void => this.#look();
  #brokers: readonly BrokerDefinition[];
  #settings: readonly BrokerDefinition[] | null = null;

  constructor(
    context: NodeContext<BrokerPoolConfig>,
    garden: Garden | undefined,
    onChanged: (brokers: readonly BrokerDefinition[]) => void,
  ) {
    this.#context = context;
    this.#garden = garden;
    this.#onChanged = onChanged;
    this.#file = new BrokersFile({
      path: path.join(dataDirectory(context.RED), 'brokers.json'),
      onChanged: this.#renew,
      onInvalid: (error) => context.log.error(`brokers.json is not used: ${textOf(error)}`),
    });
    if (context.config.useSettings) this.#file.load();
    this.#brokers = this.#choose();
  }

  get brokers(): readonly BrokerDefinition[] {
    return this.#brokers;
  }

  /** From now on, tells of another list. Node-RED does not make a node anew when only a config node out of a list has changed. */
  follow(): void {
    this.#context.RED.events.on('flows:started', this.#renew);
    if (this.#context.config.useSettings) this.#file.watch();
  }

  stop(): void {
    this.#context.RED.events.off('flows:started', this.#renew);
    this.#file.stop();
  }

  #look(): void {
    try {
      const brokers = this.#choose();
      if (isSame(brokers, this.#brokers)) return;
      this.#brokers = brokers;
      this.#onChanged(brokers);
      this.#context.log.info(`brokers from now on: ${brokers.map(({ name }) => name).join(', ') || 'none'}`);
    } catch (error) {
      this.#context.log.error(textOf(error));
    }
  }

  #choose(): readonly BrokerDefinition[] {
    const { RED, config } = this.#context;
    if (config.useSettings) {
      if (this.#file.brokers !== null) return this.#file.brokers;
      const { brokers } = ripeSettings(RED);
      // It does not change while Node-RED runs.
      if (brokers) return this.#ofSettings(brokers);
    }
    return findBrokers(RED, config.brokers, this.#garden);
  }

  #ofSettings(text: string): readonly BrokerDefinition[] {
    this.#settings ??= parseBrokers(text);
    return this.#settings;
  }
}

/** Config nodes keep their definition for as long as they live. */
function isSame(a: readonly BrokerDefinition[], b: readonly BrokerDefinition[]): boolean {
  return a.length === b.length && a.every((broker, index) => broker === b[index]);
}
