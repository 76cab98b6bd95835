import type { Awaitable } from '../agent/agent-host.ts';
import { sensorTopic } from '../broker/topics.ts';
import type { DeviceReport } from '../command/device-report.ts';
import { commandVector } from '../command/vector.ts';
import type { ForceOrder } from '../job/force.ts';
import type { JobEvent, JobStep } from '../job/job.ts';
import type { ApiRequest } from '../rest/request.ts';
import type { Twin, Twins } from '../sensor/twin.ts';
import type { Locale } from '../time/zones.ts';
import { Drops } from './drops.ts';
import { type ForceFollower, type ForceTarget, Forcing } from './forcing.ts';
import { HomeAssistant } from './home/home-assistant.ts';
import { Ingest } from './ingest.ts';
import { JobHandoff } from './lanes/job-handoff.ts';
import { Lanes } from './lanes/lanes.ts';
import type { Delivery, Publication, RuntimePorts, RuntimeWires } from './ports.ts';
import { Publisher } from './publishing/publisher.ts';
import type { Reply } from './requests/reply.ts';
import { Requests } from './requests/requests.ts';
import { Restart } from './restart.ts';

/** A message for the moment of stopping: nobody is left to hear of its delivery. */
export type LastWord = Omit<Publication, 'delivery'>;

/** A garden at work: twins, their agents, and everything that reaches them over the wires. */
export class SensorRuntime {
  /** One object, changed in place: what `flow.get("sensors")` shows. */
  readonly twins: Twins = {};
  readonly #ports: RuntimePorts;
  readonly #publisher: Publisher;
  readonly #handoff: JobHandoff;
  readonly #lanes: Lanes;
  readonly #ingest: Ingest;
  readonly #requests: Requests;
  readonly #forcing: Forcing;
  readonly #home: HomeAssistant | null;
  #publishedAllAt = 0;
  #isStopped = false;

  constructor(outer: RuntimePorts) {
    const ports = { ...outer, wires: this.#followed(outer.wires) };
    const { store, wires, agentTypes, clock, log, newId, timetable } = ports;
    const { twins } = this;
    this.#ports = ports;
    this.#publisher = new Publisher(ports, twins);
    this.#handoff = new JobHandoff(ports);
    const shared = {
      store,
      wires,
      agentTypes,
      clock,
      log,
      newId,
      publisher: this.#publisher,
      handoff: this.#handoff,
    };
    this.#lanes = new Lanes(
      {
        ...shared,
        limits: ports.limits ?? {},
        decided: (decision) => {
          store.write({ type: 'decisionAdded', decision });
          wires.event({ kind: 'decision', ...decision });
        },
      },
      timetable,
    );
    this.#forcing = new Forcing(ports, this.#lanes);
    const drops = new Drops(twins, log, clock);
    const reported = (twin: Twin, report: DeviceReport) => this.#publisher.report(twin, report);
    this.#ingest = new Ingest({ ...ports, reported }, twins, drops, (sensor) => this.#lanes.of(sensor));
    const parts = { twins, publisher: this.#publisher, lanes: this.#lanes, ingest: this.#ingest };
    this.#requests = new Requests(ports, parts);
    const { homeAssistant } = ports;
    const services = { clock, timetable, log, twins, lanes: this.#lanes, drops };
    this.#home = homeAssistant === undefined ? null : new HomeAssistant(homeAssistant, services);
  }

  /**
   * Home Assistant is shown what goes out as events, and who has forced something hears what became of it. A commit that was
   * under way at the stop may still be answered: what it lets begin is the next start's.
   */
  #followed(wires: RuntimeWires): RuntimeWires {
    const unlessStopped =
      <Part>(send: (part: Part) => void) =>
      (part: Part) => {
        if (!this.#isStopped) send(part);
      };
    return {
      ...wires,
      publish: unlessStopped((publication) => wires.publish(publication)),
      startJob: unlessStopped((job) => wires.startJob(job)),
      event: (event) => {
        wires.event(event);
        this.#home?.follow(event);
        this.#forcing.follow(event);
      },
    };
  }

  /** Rebuilds the twins from the store, then starts their agents. */
  async start(): Promise<void> {
    const { twins } = this;
    const { store, clock, wires } = this.#ports;
    const parts = {
      lanes: this.#lanes,
      publisher: this.#publisher,
      ingest: this.#ingest,
      handoff: this.#handoff,
    };
    const { lastSensorId } = await new Restart({ store, clock, twins, ...parts }).run();
    this.#requests.resumeIds(lastSensorId);
    this.#handoff.sendAgain();
    // The owner may have tightened something while nobody was there.
    for (const lane of this.#lanes.all()) this.#lanes.overseer.limitsChanged(lane);
    wires.syncJobs();
  }

  /** The job-runner has stopped while this runtime goes on. */
  runnerStopped(): void {
    for (const lane of this.#lanes.all()) this.#lanes.jobs.rest(lane);
  }

  /** Ends all timers. Twins stay as they are; nothing is published and no job begun any more. */
  stop(): void {
    this.#isStopped = true;
    this.#lanes.stop();
    this.#handoff.stop();
    this.#publisher.stop();
    this.#home?.stop();
  }

  /**
   * What to leave behind: vectors and envelopes with every actuator neutral that a job has on. Held values stay.
   * Empty where no job runs.
   */
  lastWords(): LastWord[] {
    const words: LastWord[] = [];
    for (const twin of Object.values(this.twins)) {
      const resting = twin.agents.map(
        (agent) => this.#lanes.find(twin.id, agent.domain)?.restingValue() ?? 0,
      );
      const isDifferent = resting.some((value, index) => value !== twin.agents[index]?.value);
      if (!isDifferent) continue;
      const topic = sensorTopic('cmd', twin.id);
      words.push({ topic, payload: commandVector(resting), retain: true, qos: 2 });
      words.push(this.#publisher.envelopes.lastWord(twin, resting));
    }
    if (this.#home !== null) words.push(this.#home.lastWord);
    return words;
  }

  /** A message that the pool received; `isRetained`: the broker had kept it from earlier. */
  received(topic: string, payload: unknown, isRetained = false): void {
    if (this.#home?.takes(topic)) this.#home.received(topic, payload, isRetained);
    else this.#ingest.message(topic, payload);
  }

  /** At once, where nothing has to wait; what it throws, or rejects with, is a RipeError that says what is wrong. */
  request(request: ApiRequest): Awaitable<Reply> {
    return this.#requests.answer(request);
  }

  /** Carries out what somebody at the flow or the editor wants of an actuator; `told` hears what becomes of it. */
  force(target: ForceTarget, order: ForceOrder, told: ForceFollower): Promise<void> {
    return this.#forcing.force(target, order, told);
  }

  /** Why an agent last decided as it did, as a sentence; null: it has not, or is not there. */
  reasonOf(sensor: number, domain: string, locale: Locale): string | null {
    return this.#lanes.find(sensor, domain)?.reason(locale) ?? null;
  }

  /**
   * A broker has been in service since `at` (ms UTC): it gets every vector (protocol §5.3), once. The news of a
   * connection that stood before the start may come late over the wire.
   */
  brokerConnected(at = this.#ports.clock.now()): void {
    if (at < this.#publishedAllAt) return;
    this.#publishedAllAt = this.#ports.clock.now();
    this.#home?.announceAll();
    this.#publisher.publishAll();
  }

  delivered(delivery: Delivery): void {
    this.#publisher.delivered(delivery);
  }

  undelivered(delivery: Delivery): void {
    this.#publisher.undelivered(delivery);
  }

  jobStep(step: JobStep): void {
    const lane = this.#laneOf(step);
    if (lane !== undefined) {
      this.#lanes.jobs.step(lane, step);
      this.#forcing.stepped(step.job);
    } else if (step.end !== null && step.sensor !== undefined) this.#settleRemoved(step.sensor, step.job);
  }

  /** The agent has been removed: with it its byte has left the vector, which was neutral before. */
  #settleRemoved(sensor: number, job: string): void {
    if (this.twins[sensor] === undefined) this.#ports.wires.jobDelivered(job);
    else this.#publisher.settle(sensor, job);
  }

  jobEvent(event: JobEvent): void {
    // Also of an agent that has been removed: nobody has dropped its job on the wire.
    this.#handoff.answered(event.job);
    const lane = this.#laneOf(event);
    if (lane !== undefined) this.#lanes.jobs.event(lane, event);
  }

  /** Agent code was loaded or has gone. */
  async agentTypesChanged(name?: string): Promise<void> {
    await this.#lanes.adopt(name);
    this.#home?.agentTypesChanged(name);
  }

  get counts(): { sensors: number; agents: number } {
    // Without a list of them all: who shows how many there are asks again and again.
    let [sensors, agents] = [0, 0];
    for (const id in this.twins) {
      sensors += 1;
      agents += this.twins[id]?.agents.length ?? 0;
    }
    return { sensors, agents };
  }

  #laneOf({ sensor, domain }: { sensor?: number; domain?: string }) {
    if (sensor === undefined || domain === undefined) return undefined;
    return this.#lanes.find(sensor, domain);
  }
}
