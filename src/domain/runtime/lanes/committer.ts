import type { JobRequest } from '../../job/job.ts';
import { firstStepOf } from '../../runner/taking-up.ts';
import type { FirstValue } from '../publishing/drafts.ts';
import type { AgentJobs } from './agent-jobs.ts';
import type { AgentLane } from './agent-lane.ts';
import type { LaneServices } from './lane-services.ts';
import { type Held, Unstored } from './unstored.ts';

/**
 * Brings what agents have decided to the disk. A decision's state, its job and the command that comes of it are one
 * commit; only then a held value goes to the actuator. A job may be with the runner before that, which waits for the same
 * commit. What the disk refuses is taken back.
 */
export class Committer {
  readonly #jobs: AgentJobs;
  readonly #services: LaneServices;
  /** Of agents that have held a value. */
  readonly #unstored = new WeakMap<AgentLane, Unstored>();

  constructor(jobs: AgentJobs, services: LaneServices) {
    this.#jobs = jobs;
    this.#services = services;
  }

  /** `before`: how the agent was before a value was held; null where none is. Rejects where the disk refuses. */
  async commit(lane: AgentLane, request: JobRequest | null, before: Held | null): Promise<void> {
    const { agent, twin } = lane;
    const { publisher, store, handoff } = this.#services;
    const { value, state, wakeAt } = agent;
    const held = before === null || value === lane.neutral() ? null : { value, state, wakeAt };
    if (held !== null) {
      this.#unstoredOf(lane).enter(value, before as Held);
      publisher.renew(twin);
    }
    // Neutral never waits for the disk: water stops also when the store does not answer.
    if (value === lane.neutral()) publisher.update(twin);
    const isAhead = request !== null && handoff.sendAhead(request.id);
    const draft = publisher.prepare(twin, isAhead && held === null ? this.#firstOf(lane, request) : null);
    try {
      await store.commit();
    } catch (error) {
      if (request !== null) this.#jobs.failed(lane, request.id, 'the store did not take it');
      if (held !== null) goBack(lane, held, this.#unstoredOf(lane).refused());
      publisher.refused(twin, draft);
      publisher.update(twin);
      throw error;
    }
    if (held !== null) this.#unstoredOf(lane).stored(held);
    publisher.stored(draft);
    publisher.update(twin);
    if (request !== null) handoff.send(request.id);
  }

  /** What the job is going to set, if nothing keeps it waiting. */
  #firstOf({ agent }: AgentLane, request: JobRequest): FirstValue | null {
    const step = firstStepOf(request, this.#services.clock.now());
    if (step === null) return null;
    return { domain: agent.domain, job: request.id, value: step.value, until: step.until };
  }

  #unstoredOf(lane: AgentLane): Unstored {
    const unstored = this.#unstored.get(lane) ?? new Unstored();
    this.#unstored.set(lane, unstored);
    return unstored;
  }
}

/** What was refused must not come with the next start: what is queued of it is saved as it was before. */
function goBack(lane: AgentLane, held: Held, before: Held | null): void {
  const { agent } = lane;
  if (before === null || agent.value !== held.value) return;
  if (agent.state === held.state) {
    agent.state = before.state;
    agent.wakeAt = before.wakeAt;
    lane.setAlarm();
  }
  lane.setValue(before.value);
  lane.save();
}
