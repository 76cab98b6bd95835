import { commanded, type FakeAgent } from './fake-agent.ts';
import { GardenHarness } from './garden-harness.ts';

/** A command's payload is the seconds to run, by this rule after a restart. */
const forSeconds =
  (rule: 'finish' | 'resume' | 'close'): FakeAgent['answer'] =>
  (event) =>
    event.type === 'forced' ? { job: { steps: [{ set: 1 }, { wait: event.payload * 1000 }], rule } } : {};

/** A garden with one run of 60 s under way, whose rule for a restart is this one; `agent` has been asked nothing since. */
export async function running(rule?: 'finish' | 'resume' | 'close') {
  const garden = await GardenHarness.start({ hasShipped: false });
  const agent = commanded('Commanded', rule === undefined ? {} : { answer: forSeconds(rule) });
  garden.types.put(agent);
  await garden.addSensor('Fern');
  await garden.addAgent(1, '01_C', 'Commanded');
  await garden.force(1, '01_C', 60);
  agent.asked.length = 0;
  return { garden, agent };
}

/** The ends of jobs that the agent was told of: outcome and reason. */
export const endsOf = (agent: FakeAgent) =>
  agent.asked.flatMap(({ event }) =>
    event.type === 'jobEnded' ? [[event.job.outcome, event.job.reason]] : [],
  );
