import type { NodeAPI } from 'node-red';
import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { RuntimeEvent } from '../../src/domain/runtime/events.ts';
import { chooser } from '../../src/domain/sensor/sensor-choice.ts';
import { defineNode, type NodeContext, type NodeService } from '../shared/define-node.ts';
import { requiredGarden } from '../shared/find-garden.ts';
import { parseSensor, type SensorConfig } from './config.ts';
import { messagesOf } from './messages-of.ts';

export default function register(RED: NodeAPI): void {
  defineNode<SensorConfig, NodeService>(RED, { type: 'ripe-sensor', parse: parseSensor, start });
}

function start(context: NodeContext<SensorConfig>): NodeService {
  const { RED, config, send } = context;
  const garden = requiredGarden(RED, config.garden);
  const badge = new SensorBadge(context, garden);
  const isChosen = chooser(config.choice);
  const unfollow = garden.live.follow({
    event(event) {
      const name = nameOf(garden, event);
      if (!isChosen({ id: event.sensor, name }) || !isOfAgent(garden, event, config)) return;
      const messages = messagesOf(event, name, config.metric);
      if (messages.length > 0) send(...messages);
      badge.heard(event, name);
    },
    changed: () => badge.show(),
  });
  badge.show();
  return {
    stop() {
      unfollow();
      badge.stop();
    },
  };
}

/** A sensor that has just been removed has no twin any more, but its event knows its name. */
function nameOf(garden: Garden, event: RuntimeEvent): string {
  if ('name' in event) return event.name;
  return garden.live.isServed ? (garden.live.runtime.twins[event.sensor]?.name ?? '') : '';
}

/** Readings and commands belong to the sensor as a whole; decisions and jobs to one of its agents. */
function isOfAgent(garden: Garden, event: RuntimeEvent, { domain, agentName }: SensorConfig): boolean {
  if (!('domain' in event)) return true;
  if (domain !== undefined && event.domain !== domain) return false;
  if (agentName === undefined) return true;
  if ('agentName' in event) return event.agentName === agentName;
  const agents = garden.live.isServed ? garden.live.runtime.twins[event.sensor]?.agents : undefined;
  return agents?.find((agent) => agent.domain === event.domain)?.agentName === agentName;
}

/** So often at the most: a badge goes to every open editor. */
const SHOWN_EVERY_MS = 1_000;

/** Says of which sensor something was heard last, and when; or what is missing. */
class SensorBadge {
  readonly #context: NodeContext<SensorConfig>;
  readonly #garden: Garden;
  #lastHeard: { name: string; time: string } | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(context: NodeContext<SensorConfig>, garden: Garden) {
    this.#context = context;
    this.#garden = garden;
  }

  heard(event: RuntimeEvent, name: string): void {
    if (event.kind === 'removed' || event.kind === 'registered') this.#lastHeard = null;
    else if (event.kind === 'reading') {
      this.#lastHeard = { name, time: new Date().toTimeString().slice(0, 8) };
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.show();
    }, SHOWN_EVERY_MS);
  }

  show(): void {
    this.#context.status(...this.#badge());
  }

  #badge(): Parameters<NodeContext<SensorConfig>['status']> {
    const { choice } = this.#context.config;
    const { live } = this.#garden;
    if (!live.isServed) return ['idle', 'waiting'];
    const count = live.chosen(choice).length;
    if (count === 0) return [choice.of === 'all' ? 'idle' : 'warning', 'none'];
    return this.#lastHeard === null ? ['idle', 'quiet', { count }] : ['ok', 'heard', this.#lastHeard];
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }
}
