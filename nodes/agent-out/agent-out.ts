import type { NodeAPI } from 'node-red';
import type { AnyDecision } from '../../src/domain/agent/agent-host.ts';
import { RipeError } from '../../src/domain/errors.ts';
import { durationOf } from '../../src/domain/job/plan.ts';
import { defineNode, type NodeContext, type NodeService } from '../shared/define-node.ts';
import { requiredGarden } from '../shared/find-garden.ts';

interface AgentOutConfig {
  readonly garden: unknown;
}

export default function register(RED: NodeAPI): void {
  defineNode<AgentOutConfig, NodeService>(RED, {
    type: 'ripe-agent-out',
    parse: (def) => ({ garden: def['garden'] }),
    start,
  });
}

function start(context: NodeContext<AgentOutConfig>): NodeService {
  const { RED, config, status, log } = context;
  const { wiredAgents } = requiredGarden(RED, config.garden);
  const show = statusOf(context);
  status('idle', 'ready');
  return {
    input(message) {
      const { _question: question } = message;
      if (typeof question !== 'string') throw new RipeError('RIPE_QUESTION_LOST');
      const decision = wiredAgents.answer(question, message);
      if (decision === undefined) log.debug('an answer came too late, or was the second one: it is ignored');
      else show(decision);
    },
  };
}

/** Shows the last answer; the same one is not sent to all open editors again. */
function statusOf({ status }: NodeContext<AgentOutConfig>): (decision: AnyDecision) => void {
  let shown = '';
  return (decision) => {
    const badge = badgeOf(decision);
    const text = JSON.stringify(badge);
    if (text !== shown) status(...badge);
    shown = text;
  };
}

type Badge = Parameters<NodeContext<AgentOutConfig>['status']>;

function badgeOf({ hold, job }: AnyDecision): Badge {
  if (hold !== undefined) return ['ok', 'held', { value: hold }];
  if (job === 'cancel') return ['ok', 'cancelled'];
  if (job !== undefined) return ['ok', 'run', { seconds: durationOf(job) / 1_000 }];
  return ['idle', 'unchanged'];
}
