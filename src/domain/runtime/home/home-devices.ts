import type { AgentUi } from '../../agent/agent-ui.ts';
import { type AgentFace, faceOf, stateOf } from '../../home-assistant/agent-face.ts';
import { components, discoveryPayload, type HomeDevice } from '../../home-assistant/discovery.ts';
import {
  agentTopic,
  deviceId,
  discoveryTopic,
  OFFLINE,
  ONLINE,
  sensorAvailability,
  sensorState,
} from '../../home-assistant/topics.ts';
import { METRICS, type Metric } from '../../reading/reading.ts';
import type { Twin, Twins } from '../../sensor/twin.ts';
import type { Clock } from '../../time/clock.ts';
import type { AgentLane } from '../lanes/agent-lane.ts';
import { NOBODY } from '../lanes/asker.ts';
import type { Lanes } from '../lanes/lanes.ts';
import type { HomeAssistantPorts } from './home-ports.ts';

/** What has been said of one sensor since the last connection, or in this run. */
interface Told {
  readonly metrics: Set<Metric>;
  readonly faces: Map<string, AgentFace>;
  /** Platforms by component id: what was announced in this run, and what of it is not there any more. */
  readonly platforms: Map<string, string>;
  /** Last payloads by topic. */
  readonly said: Map<string, string>;
}

/** Says each thing once: what Home Assistant has been told, and what is new to it. */
export class HomeDevices {
  /** Sensors that were removed in this run: other brokers may still have their messages. */
  readonly removed = new Set<number>();
  readonly #ports: HomeAssistantPorts;
  readonly #clock: Clock;
  readonly #twins: Twins;
  readonly #lanes: Lanes;
  readonly #told = new Map<number, Told>();

  constructor(
    ports: HomeAssistantPorts,
    { clock, twins, lanes }: { clock: Clock; twins: Twins; lanes: Lanes },
  ) {
    this.#ports = ports;
    this.#clock = clock;
    this.#twins = twins;
    this.#lanes = lanes;
  }

  /** Another broker, or a Home Assistant that has just started, knows nothing yet. */
  forget(): void {
    for (const told of this.#told.values()) {
      for (const topic of told.said.keys()) told.said.set(topic, '');
    }
  }

  /** Announces a sensor with all it has, or takes it away where it is gone. */
  async announce(sensor: number): Promise<void> {
    const twin = this.#twins[sensor];
    if (twin === undefined) return this.#clear(sensor);
    const told = this.#toldOf(sensor);
    const uis = await this.#draw(twin, told);
    if (this.#twins[sensor] !== twin) return;
    addMetrics(told, twin);
    this.#discover(twin, told);
    this.#say(told, sensorState(sensor), stateText(twin), 1);
    for (const [lane, ui] of uis) this.#showAgent(lane, told, ui);
  }

  /** Its messages go with the next announcement. */
  remove(sensor: number): void {
    this.removed.add(sensor);
  }

  faceOf(lane: AgentLane): AgentFace | undefined {
    return this.#told.get(lane.twin.id)?.faces.get(lane.agent.domain);
  }

  /** The newest values of a sensor; false where the sensor must be announced first. */
  showReading(sensor: number): boolean {
    const twin = this.#twins[sensor];
    const told = this.#told.get(sensor);
    if (twin === undefined || told === undefined || hasNewMetric(told, twin)) return false;
    this.#say(told, sensorState(sensor), stateText(twin), 0, true);
    return true;
  }

  /** The values of a sensor's actuators, as far as they have changed. */
  showValues(sensor: number): void {
    const told = this.#told.get(sensor);
    if (told === undefined) return;
    for (const lane of this.#lanes.of(sensor)) {
      if (told.faces.get(lane.agent.domain)?.platform !== 'number') this.#showAgent(lane, told, null);
      else void Promise.resolve(lane.render(NOBODY)).then((ui) => this.#showAgent(lane, told, ui));
    }
  }

  /** Also where it has not changed. */
  showAgain(lane: AgentLane): void {
    this.#told.get(lane.twin.id)?.said.delete(agentTopic(lane.twin.id, lane.agent.domain, 'state'));
    this.showValues(lane.twin.id);
  }

  /** Says whether a sensor is alive. The answer is when it would be silent for too long; null where that is not to come. */
  showLiveness(sensor: number): number | null {
    const twin = this.#twins[sensor];
    const told = this.#told.get(sensor);
    if (twin === undefined || told === undefined) return null;
    // Who has never said anything may be all pump and no probe.
    const heardAt = twin.lastSeen ?? twin.row?.timestamp ?? null;
    const silentAt = heardAt === null ? null : heardAt + this.#ports.silentMs;
    const isSilent = silentAt !== null && silentAt <= this.#clock.now();
    this.#say(told, sensorAvailability(sensor), isSilent ? OFFLINE : ONLINE, 1);
    return isSilent ? null : silentAt;
  }

  /** Draws every agent at work; one whose code is not there stays what it was. */
  async #draw(twin: Twin, told: Told): Promise<[AgentLane, AgentUi][]> {
    const uis: [AgentLane, AgentUi][] = [];
    for (const lane of [...this.#lanes.of(twin.id)]) {
      if (lane.host() === undefined || lane.agent.parked !== null) continue;
      const ui = await lane.render(NOBODY);
      told.faces.set(lane.agent.domain, faceOf(ui));
      uis.push([lane, ui]);
    }
    for (const domain of told.faces.keys()) {
      if (!twin.agents.some((agent) => agent.domain === domain)) told.faces.delete(domain);
    }
    return uis;
  }

  #discover(twin: Twin, told: Told): void {
    const device = this.#device(twin, told);
    const now = components(device);
    const gone = new Map([...told.platforms].filter(([id]) => now[id] === undefined));
    const topic = discoveryTopic(this.#ports.prefix, deviceId(device.garden, twin.id));
    const payload = JSON.stringify(discoveryPayload(device));
    // First with what is gone, so that it is taken away, and then without, as Home Assistant wants it.
    if (gone.size > 0 && told.said.get(topic) !== payload) {
      this.#say(told, topic, JSON.stringify(discoveryPayload(device, gone)), 1);
    }
    this.#say(told, topic, payload, 1);
    for (const [id, { platform }] of Object.entries(now)) told.platforms.set(id, platform);
    for (const stateTopic of [...told.said.keys()]) {
      if (isOfNoAgent(stateTopic, twin)) this.#unsay(told, stateTopic);
    }
  }

  #device(twin: Twin, told: Told): HomeDevice {
    const agents = twin.agents.flatMap(({ domain }) => {
      const face = told.faces.get(domain);
      return face === undefined ? [] : [{ domain, face }];
    });
    return {
      garden: this.#ports.garden(),
      sensor: twin.id,
      name: twin.name,
      metrics: told.metrics,
      agents,
      expireAfter: Math.ceil(this.#ports.silentMs / 1000),
    };
  }

  #showAgent(lane: AgentLane, told: Told, ui: AgentUi | null): void {
    const face = told.faces.get(lane.agent.domain);
    const isThere = this.#lanes.find(lane.twin.id, lane.agent.domain) === lane;
    if (face === undefined || !isThere) return;
    const state = stateOf(face, lane.agent.value, ui);
    if (state !== null) this.#say(told, agentTopic(lane.twin.id, lane.agent.domain, 'state'), state, 1);
  }

  #clear(sensor: number): void {
    const told = this.#toldOf(sensor);
    const topic = discoveryTopic(this.#ports.prefix, deviceId(this.#ports.garden(), sensor));
    for (const each of new Set([topic, ...told.said.keys()])) {
      this.#ports.publish({ topic: each, payload: '', qos: 1, retain: true });
    }
  }

  #toldOf(sensor: number): Told {
    let told = this.#told.get(sensor);
    if (told === undefined) {
      told = { metrics: new Set(), faces: new Map(), platforms: new Map(), said: new Map() };
      this.#told.set(sensor, told);
    }
    return told;
  }

  #say(told: Told, topic: string, payload: string, qos: 0 | 1, always = false): void {
    if (!this.#ports.isConnected() || (!always && told.said.get(topic) === payload)) return;
    told.said.set(topic, payload);
    this.#ports.publish({ topic, payload, qos, retain: true });
  }

  #unsay(told: Told, topic: string): void {
    if (told.said.get(topic) === GONE) return;
    told.said.set(topic, GONE);
    this.#ports.publish({ topic, payload: '', qos: 1, retain: true });
  }
}

/** In place of a payload: the topic was cleared at this broker. */
const GONE = '\0';

function isOfNoAgent(topic: string, twin: Twin): boolean {
  if (!/^ripe\/ha\/\d+\/[^/]+\/state$/.test(topic)) return false;
  return !twin.agents.some(({ domain }) => agentTopic(twin.id, domain, 'state') === topic);
}

function stateText(twin: Twin): string {
  const { row } = twin;
  return JSON.stringify(Object.fromEntries(METRICS.map((metric) => [metric, row?.[metric] ?? null])));
}

function addMetrics(told: Told, { row }: Twin): void {
  for (const metric of METRICS) if (row !== null && row[metric] !== null) told.metrics.add(metric);
}

function hasNewMetric(told: Told, { row }: Twin): boolean {
  if (row === null) return false;
  for (const metric of METRICS) if (row[metric] !== null && !told.metrics.has(metric)) return true;
  return false;
}
