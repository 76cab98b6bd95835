import { AgentJobs } from './agent-jobs.ts';
import { DecisionLog } from './decision-log.ts';
import { Enactor } from './enactor.ts';
import type { LaneServices } from './lane-services.ts';
import { Overseer } from './overseer.ts';
import { Questions } from './questions.ts';

/** Who works for all agents of a garden: there may be 200,000, and what is known of each for itself is in its lane. */
export class Crew {
  readonly services: LaneServices;
  readonly jobs: AgentJobs;
  readonly overseer: Overseer;
  readonly enactor: Enactor;
  readonly questions: Questions;

  constructor(services: LaneServices) {
    const decisions = new DecisionLog(services);
    this.services = services;
    this.jobs = new AgentJobs(services);
    this.overseer = new Overseer(decisions, this.jobs, services);
    this.enactor = new Enactor({ decisions, jobs: this.jobs, overseer: this.overseer, services });
    this.questions = new Questions(this.enactor, this.overseer, services);
  }
}
