import type { EndedJob } from '../../agent/agent-contract.ts';
import { type JobEvent, type JobStep, type OpenJob, restOf } from '../../job/job.ts';
import { presentStepOf } from '../../runner/taking-up.ts';
import type { AgentLane } from './agent-lane.ts';
import type { LaneServices } from './lane-services.ts';

/** What becomes of agents by their jobs, whose steps and events come from the job-runner, and how jobs end before their time. */
export class AgentJobs {
  readonly #services: LaneServices;

  constructor(services: LaneServices) {
    this.#services = services;
  }

  /** A job that an earlier run has left open. */
  takeUp(lane: AgentLane, job: OpenJob): void {
    const now = this.#services.clock.now();
    lane.guard.remember(job, now);
    const slot = lane.takeSlot();
    const isLoaded = this.#services.agentTypes.get(lane.agent.agentName) !== undefined;
    if (!isLoaded) slot.abandon(job, 'parked');
    else if (lane.agent.guard.isIdle && job.status === 'running') slot.abandon(job, 'decided');
    else slot.takeUp(job, presentStepOf(job, now));
  }

  step(lane: AgentLane, step: JobStep): void {
    const { publisher } = this.#services;
    const { id } = lane.twin;
    lane.takeSlot().step(step);
    lane.leaveSlot();
    publisher.update(lane.twin);
    if (step.end !== null) publisher.settle(id, step.job);
    // While it rests others may have its supply, once it is known to be off.
    else if (step.value === lane.neutral()) publisher.settle(id, restOf(step));
  }

  event(lane: AgentLane, event: JobEvent): void {
    lane.takeSlot().event(event);
    lane.leaveSlot();
    // With the step that follows at once the actuator goes on without a blink.
    if (event.event !== 'resumed') this.#services.publisher.update(lane.twin);
    // Ends are told by `ended`, once, whoever has ended it.
    if (event.event === 'started' || event.event === 'queued' || event.event === 'resumed')
      this.#tell(lane, event);
  }

  /** Nobody runs jobs for the moment: what one had on goes neutral, until its runner is back. */
  rest(lane: AgentLane): void {
    if (!lane.isTaken) return;
    lane.slot?.rest();
    this.#services.publisher.update(lane.twin);
  }

  /** The agent's job is to end; its actuator goes neutral. */
  end(lane: AgentLane, reason: string): void {
    lane.slot?.cancel(reason);
    lane.leaveSlot();
  }

  /** Ends a job if it is the one that may set the actuator; false where it is not. */
  cancel(lane: AgentLane, id: string, reason: string): boolean {
    if (lane.slot?.isCurrent(id) !== true) return false;
    lane.disarm(reason);
    return true;
  }

  /** A job came to nothing before it ran. */
  failed(lane: AgentLane, id: string, reason: string): void {
    lane.takeSlot().failed(id, reason);
    lane.leaveSlot();
  }

  /** A job is over, which its agent and everybody else is told. */
  ended(lane: AgentLane, id: string, end: Omit<EndedJob, 'id' | 'endedAt'>): void {
    const at = this.#services.clock.now();
    const { outcome, ...rest } = end;
    const isOrder = lane.slot?.isOrder(id) === true;
    this.#tell(lane, { ...rest, job: id, event: outcome, at, endsAt: at });
    lane.notify({ type: 'jobEnded', at, job: { ...end, id, endedAt: at } });
    // It was not the agent's own: what the agent would do now is asked anew.
    if (outcome === 'finished' && isOrder) lane.notify({ type: 'started', at });
  }

  #tell({ twin, agent }: AgentLane, told: Omit<JobEvent, 'owner'>): void {
    const { job, event, at, startedAt, endsAt, reason } = told;
    const whose = { sensor: twin.id, domain: agent.domain };
    const why = reason === undefined ? {} : { reason };
    this.#services.wires.event({ kind: 'job', ...whose, job, event, at, startedAt, endsAt, ...why });
  }
}
