import { DecisionLog } from './decision-log.ts';
import { Enactor } from './enactor.ts';
import type { LaneServices } from './lane-services.ts';
import { Overseer } from './overseer.ts';
import { Questions } from './questions.ts';

/** Who works for all agents of a garden: there may be 200,000, and what is known of each for itself is in its lane. */
export class Crew {
  readonly services: LaneServices;
  readonly overseer: Overseer;
  readonly enactor: Enactor;
  readonly questions: Questions;

  constructor(services: LaneServices) {
    const decisions = new DecisionLog(services);
    this.services = services;
    this.overseer = new Overseer(decisions, services);
    this.enactor = new Enactor(decisions, this.overseer, services);
    this.questions = new Questions(this.enactor, this.overseer, services);
  }
}
