import { parentPort, workerData } from 'node:worker_threads';
import type { AgentType } from '../../domain/agent/agent-contract.ts';
import { replay, type WhatIfQuestion } from '../../domain/agent-bench/what-if.ts';
import { fieldError } from '../../domain/errors.ts';

/** What the thread is started with: the module that exports `shippedAgentTypes`, and what is asked. */
export interface WhatIfOrder {
  readonly module: string;
  readonly question: WhatIfQuestion;
}

// What fails here ends the thread, which whoever waits hears of.
void answer(workerData as WhatIfOrder);

async function answer({ module, question }: WhatIfOrder): Promise<void> {
  const { shippedAgentTypes } = (await import(module)) as {
    shippedAgentTypes: readonly AgentType<unknown, object>[];
  };
  const type = shippedAgentTypes.find(({ name }) => name === question.agentName);
  if (type === undefined) throw fieldError('agent', 'is of no type that ships with RIPE');
  parentPort?.postMessage(replay(type, question));
}
