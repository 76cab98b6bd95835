import { randomUUID } from 'node:crypto';
import type { NodeAPI } from 'node-red';
import { systemClock } from '../../src/adapters/clock/system-clock.ts';
import { createTimetables } from '../../src/adapters/clock/timetable.ts';
import { within } from '../../src/adapters/clock/within.ts';
import type { Presence } from '../../src/adapters/garden/attendance.ts';
import type { Garden } from '../../src/adapters/garden/garden.ts';
import { EventStreams } from '../../src/adapters/http/event-streams.ts';
import { createKey } from '../../src/adapters/keys/key-ring.ts';
import { giveBackMemory } from '../../src/adapters/memory/give-back.ts';
import { WhatIf } from '../../src/adapters/what-if/what-if.ts';
import { RipeError, textOf } from '../../src/domain/errors.ts';
import type { HomeAssistantSettings } from '../../src/domain/home-assistant/settings.ts';
import type { HomeAssistantPorts } from '../../src/domain/runtime/home/home-ports.ts';
import { eventBody } from '../../src/domain/runtime/requests/events.ts';
import { SensorRuntime } from '../../src/domain/runtime/sensor-runtime.ts';
import { defineNode, type NodeContext, type NodeService } from '../shared/define-node.ts';
import { requiredGarden } from '../shared/find-garden.ts';
import { flowsStarted } from '../shared/flows-started.ts';
import type { PublishMessage } from '../shared/messages.ts';
import { onceStoreAnswers } from '../shared/store-patience.ts';
import { addressOf } from '../shared/wall-settings.ts';
import { dispatch, type Served } from './dispatch.ts';
import { createWires } from './wires.ts';

interface SensorRuntimeConfig {
  readonly garden: unknown;
}

const SHOW_EVERY_MS = 2_000;
/** So many sensors: below that V8 keeps little, and a start is to be quick. */
const LARGE_GARDEN = 5_000;
/** Beside the nodes, wherever these are: as source or built. */
const SHIPPED = new URL(
  `../../plugins/index${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`,
  import.meta.url,
);
const whatIf = new WhatIf(SHIPPED.href);

export default function register(RED: NodeAPI): void {
  defineNode<SensorRuntimeConfig, NodeService>(RED, {
    type: 'ripe-sensor-runtime',
    parse: (def) => ({ garden: def['garden'] }),
    start,
  });
}

async function start(context: NodeContext<SensorRuntimeConfig>): Promise<NodeService> {
  const { RED, config, status, node } = context;
  status('busy', 'starting');
  const garden = requiredGarden(RED, config.garden);
  if (garden.attendance.has('runtime')) throw new RipeError('RIPE_GARDEN_IN_USE');
  const presence = garden.attendance.attend('runtime');
  const nodesMade = flowsStarted(RED);
  const streams = new EventStreams({
    bodyOf: (event, locale) => eventBody(event, garden.agentTypes, locale),
    keyOf: (sensor) => garden.keys.keyOf(sensor),
    addressOf: addressOf(RED),
  });
  try {
    await garden.ready;
    // Agent types made of wires are there once their nodes are made.
    await nodesMade;
    // Also where the runtime alone is deployed anew: what the one before has sent is of an earlier epoch.
    await garden.epoch.raise();
    // Jobs of an agent whose code is still being loaded are not to be cancelled.
    await garden.agentTypes.settled;
    const runtime = await onceStoreAnswers(context, () => begin(context, garden, streams));
    // Before anybody is served: the start of a large garden takes more memory than the garden.
    if (runtime.counts.sensors >= LARGE_GARDEN) giveBackMemory();
    node.context().flow.set('sensors', runtime.twins);
    return await serve(context, { runtime, streams, garden }, presence);
  } catch (error) {
    streams.stop();
    presence.left();
    throw error;
  }
}

/** Puts a runtime whose twins are there to work on what comes over the wires. */
async function serve(
  context: NodeContext<SensorRuntimeConfig>,
  served: Served,
  presence: Presence,
): Promise<NodeService> {
  const { runtime, streams, garden } = served;
  if (garden.brokers.isInService) runtime.brokerConnected();
  const unfollow = follow(context, served);
  // Code that was loaded while the twins were being rebuilt has been announced already.
  await runtime.agentTypesChanged();
  const unserve = garden.receipts.serve();
  const leave = garden.live.serve(runtime);
  let isStopping = false;
  return {
    input(message) {
      // What was on the wires when this node was closed comes too late: nobody would store it.
      if (isStopping) return undefined;
      try {
        return dispatch(context, served, message);
      } finally {
        garden.receipts.take(message['receipt']);
      }
    },
    async stop() {
      isStopping = true;
      presence.leaving();
      streams.stop();
      leave();
      unserve();
      unfollow();
      const words = runtime.lastWords();
      runtime.stop();
      await garden.lastWords.say(words);
      presence.left();
    },
  };
}

async function begin(
  context: NodeContext<SensorRuntimeConfig>,
  garden: Garden,
  streams: EventStreams,
): Promise<SensorRuntime> {
  const runtime = createRuntime(context, garden, streams);
  try {
    await runtime.start();
    return runtime;
  } catch (error) {
    runtime.stop();
    throw error;
  }
}

function createRuntime(
  context: NodeContext<SensorRuntimeConfig>,
  garden: Garden,
  streams: EventStreams,
): SensorRuntime {
  const { store, keys, agentTypes, logLines, limits } = garden;
  return new SensorRuntime({
    store,
    keys,
    agentTypes,
    plugins: garden.plugins,
    logLines,
    limits,
    within,
    whatIf: (question) => whatIf.ask(question, garden.filePlugins?.codeOf(question)),
    clock: systemClock,
    timetable: createTimetables(systemClock),
    wires: createWires(context, (event) => {
      garden.live.tell(event);
      garden.metrics.follow(event);
      streams.tell(event);
    }),
    log: context.log,
    epoch: () => garden.epoch.present,
    newId: randomUUID,
    newKey: createKey,
    brokers: (requestHost) => garden.brokers.addresses(requestHost),
    brokerStandings: () => garden.brokers.list(),
    supplies: garden.supplies,
    metrics: () => garden.metrics.text(),
    ...(garden.homeAssistant === null
      ? {}
      : { homeAssistant: homePorts(context, garden, garden.homeAssistant) }),
  });
}

function homePorts(
  { send }: NodeContext<unknown>,
  garden: Garden,
  { prefix, silentMs }: HomeAssistantSettings,
): HomeAssistantPorts {
  return {
    prefix,
    silentMs,
    garden: () => garden.id,
    isConnected: () => garden.brokers.isInService,
    // With a report what cannot be sent is no error: everything is said anew at the next connection.
    publish: (announcement) =>
      send(
        (announcement.qos === 0
          ? { ...announcement }
          : { ...announcement, delivery: 'home assistant' }) satisfies PublishMessage,
      ),
  };
}

/** Follows the agent types that come and go, and shows how many twins there are; the answer ends that. */
function follow(context: NodeContext<SensorRuntimeConfig>, { runtime, streams, garden }: Served): () => void {
  const adopt = (name: string) => {
    runtime.agentTypesChanged(name).catch((error) => context.log.error(textOf(error)));
  };
  let shown = '';
  const show = () => {
    const { counts } = runtime;
    const text = JSON.stringify(counts);
    if (text !== shown) context.status('ok', 'ready', counts);
    shown = text;
  };
  show();
  const timer = setInterval(() => {
    garden.eventStreams = streams.count;
    show();
  }, SHOW_EVERY_MS);
  const recheck = () => streams.keysChanged();
  garden.agentTypes.on('changed', adopt);
  garden.keys.on('changed', recheck);
  const unwatch = garden.attendance.onLeft('runner', () => runtime.runnerStopped());
  return () => {
    unwatch();
    clearInterval(timer);
    garden.agentTypes.off('changed', adopt);
    garden.keys.off('changed', recheck);
  };
}
