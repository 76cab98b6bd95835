import { textOf } from '../../errors.ts';
import { forcedPayload, runSeconds } from '../../home-assistant/agent-face.ts';
import {
  birthTopic,
  OFFLINE,
  ONLINE,
  parseCommandTopic,
  RIPE_AVAILABILITY,
  topicLevel,
} from '../../home-assistant/topics.ts';
import type { Twins } from '../../sensor/twin.ts';
import type { Clock, Timetable, TimetableFactory } from '../../time/clock.ts';
import type { Drops } from '../drops.ts';
import type { RuntimeEvent } from '../events.ts';
import type { AgentLane } from '../lanes/agent-lane.ts';
import { NOBODY } from '../lanes/asker.ts';
import type { Lanes } from '../lanes/lanes.ts';
import type { Log, Publication } from '../ports.ts';
import { HomeDevices } from './home-devices.ts';
import type { HomeAssistantPorts } from './home-ports.ts';

/** So many sensors are announced in one go: ten thousand must not stand in the way of a reading. */
const SLICE = 20;
const SLICE_EVERY_MS = 10;

interface Services {
  readonly clock: Clock;
  readonly timetable: TimetableFactory;
  readonly log: Log;
  readonly twins: Twins;
  readonly lanes: Lanes;
  readonly drops: Drops;
}

/** Shows sensors and agents to Home Assistant, and takes its commands by the same way as those of REST. */
export class HomeAssistant {
  readonly #ports: HomeAssistantPorts;
  readonly #services: Services;
  readonly #devices: HomeDevices;
  readonly #slices: Timetable<'slice'>;
  readonly #silences: Timetable<number>;
  readonly #due = new Set<number>();
  /** Sensors that are alive, and will be looked at when they might not be any more. */
  readonly #watched = new Set<number>();
  /** The next slice is under way or has its time, which further sensors must not put off. */
  #isAnnouncing = false;

  constructor(ports: HomeAssistantPorts, services: Services) {
    this.#ports = ports;
    this.#services = services;
    this.#devices = new HomeDevices(ports, services);
    this.#slices = services.timetable(() => void this.#announceSlice());
    this.#silences = services.timetable((sensor) => this.#watchSilence(sensor));
  }

  /** A broker has come into service, or Home Assistant has started: everything is said anew. */
  announceAll(): void {
    if (!this.#ports.isConnected()) return;
    this.#ports.publish({ topic: RIPE_AVAILABILITY, payload: ONLINE, qos: 1, retain: true });
    this.#devices.forget();
    for (const sensor of this.#devices.removed) this.#enqueue(sensor);
    for (const { id } of Object.values(this.#services.twins)) this.#enqueue(id);
  }

  /** Agent code was loaded or has gone: its agents may draw themselves in another way. */
  agentTypesChanged(agentName?: string): void {
    for (const twin of Object.values(this.#services.twins)) {
      const isConcerned = twin.agents.some(
        (agent) => agentName === undefined || agent.agentName === agentName,
      );
      if (isConcerned) this.#enqueue(twin.id);
    }
  }

  follow(event: RuntimeEvent): void {
    switch (event.kind) {
      case 'reading':
        if (!this.#devices.showReading(event.sensor)) this.#enqueue(event.sensor);
        else if (!this.#watched.has(event.sensor)) this.#watchSilence(event.sensor);
        break;
      case 'command':
        // One that is about to be announced is shown then: after a connection those are all.
        if (!this.#due.has(event.sensor)) this.#devices.showValues(event.sensor);
        break;
      case 'registered':
      case 'settings':
      case 'removed':
      case 'agent':
        this.#enqueue(event.sensor);
    }
  }

  takes(topic: string): boolean {
    return topic.startsWith('ripe/ha/') || topic === birthTopic(this.#ports.prefix);
  }

  /** A message that the pool received. What a broker has kept is no command: nobody means it now. */
  received(topic: string, payload: unknown, isRetained: boolean): void {
    if (topic === birthTopic(this.#ports.prefix)) {
      if (String(payload) === ONLINE) this.announceAll();
      return;
    }
    const parsed = parseCommandTopic(topic);
    if (parsed === null) return;
    try {
      if (isRetained) throw new Error('a command of Home Assistant was retained');
      this.#command(parsed.sensor, parsed.level, String(payload));
    } catch (error) {
      this.#services.drops.add(parsed.sensor, textOf(error));
    }
  }

  /** What to leave behind. */
  get lastWord(): Omit<Publication, 'delivery'> {
    const payload = new TextEncoder().encode(OFFLINE);
    return { topic: RIPE_AVAILABILITY, payload, retain: true, qos: 2 };
  }

  stop(): void {
    this.#due.clear();
    this.#slices.stop();
    this.#silences.stop();
  }

  #command(sensor: number, level: string, text: string): void {
    const lane = this.#services.lanes.of(sensor).find(({ agent }) => topicLevel(agent.domain) === level);
    if (lane === undefined) throw new Error('Home Assistant commands an agent that there is not');
    const face = this.#devices.faceOf(lane);
    const host = lane.host();
    if (face === undefined || host === undefined || lane.agent.parked !== null) {
      throw new Error('Home Assistant commands an agent that is not at work');
    }
    const payload = forcedPayload(face, text, runSeconds(host.settings, lane.agent.settings));
    this.#force(lane, payload);
  }

  /** What the agent makes of it may be what it was: Home Assistant, which shows what was asked for, learns that too. */
  #force(lane: AgentLane, payload: number): void {
    const show = () => this.#devices.showAgain(lane);
    const done = lane.handle({ type: 'forced', at: this.#services.clock.now(), payload }, NOBODY);
    if (done === undefined) show();
    else done.then(show, (error) => this.#services.log.error(`${lane.name}: ${textOf(error)}`));
  }

  #enqueue(sensor: number): void {
    if (this.#services.twins[sensor] === undefined) this.#devices.remove(sensor);
    if (!this.#ports.isConnected()) return;
    this.#due.add(sensor);
    if (!this.#isAnnouncing) this.#planSlice();
  }

  #planSlice(): void {
    this.#isAnnouncing = true;
    this.#slices.set('slice', this.#services.clock.now() + SLICE_EVERY_MS);
  }

  async #announceSlice(): Promise<void> {
    try {
      for (const sensor of [...this.#due].slice(0, SLICE)) {
        this.#due.delete(sensor);
        await this.#devices.announce(sensor);
        this.#watchSilence(sensor);
      }
    } catch (error) {
      this.#services.log.error(`Home Assistant: ${textOf(error)}`);
    }
    this.#isAnnouncing = false;
    if (this.#due.size > 0) this.#planSlice();
  }

  /** Looks again when the sensor would be silent for too long; a reading does not move that, but is seen then. */
  #watchSilence(sensor: number): void {
    const silentAt = this.#devices.showLiveness(sensor);
    if (silentAt === null) {
      this.#watched.delete(sensor);
    } else {
      this.#watched.add(sensor);
      this.#silences.set(sensor, silentAt);
    }
  }
}
