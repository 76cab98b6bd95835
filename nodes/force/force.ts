import type { NodeAPI } from 'node-red';
import { textOf } from '../../src/domain/errors.ts';
import type { ForceOutcome } from '../../src/domain/job/force.ts';
import { defineNode, type NodeContext, type NodeService } from '../shared/define-node.ts';
import { requiredGarden } from '../shared/find-garden.ts';
import type { ForceMessage } from '../shared/messages.ts';
import { type ForceConfig, parseForce } from './config.ts';
import { orderOf, targetOf } from './order.ts';

export default function register(RED: NodeAPI): void {
  defineNode<ForceConfig, NodeService>(RED, { type: 'ripe-force', parse: parseForce, start });
}

function start(context: NodeContext<ForceConfig>): NodeService {
  const { RED, config, node, send, status } = context;
  const { live } = requiredGarden(RED, config.garden);
  let isStopped = false;
  status('idle', 'ready');
  return {
    async input(message) {
      try {
        const order = await orderOf(message, config, { RED, node });
        const target = targetOf(message, config, live);
        await live.runtime.force(target, order, (outcome) => {
          // The run goes on without this node; whoever comes after it did not start it.
          if (isStopped) return;
          const copy = RED.util.cloneMessage(message as never) as object;
          const payload = { ...outcome };
          send({ ...copy, topic: `force/${outcome.outcome}`, payload } satisfies ForceMessage);
          status(...badgeOf(outcome));
        });
      } catch (error) {
        status('warning', 'refused', { reason: textOf(error) });
        throw error;
      }
    },
    stop() {
      isStopped = true;
    },
  };
}

type Badge = Parameters<NodeContext<ForceConfig>['status']>;

function badgeOf({ outcome, name, domain, value, endsAt, reason }: ForceOutcome): Badge {
  switch (outcome) {
    case 'started':
      return ['ok', 'started', { name, domain, until: clockText(endsAt) }];
    case 'queued':
      return ['busy', 'queued', { name, domain }];
    case 'held':
      return ['ok', 'held', { name, domain, value }];
    case 'refused':
      return ['warning', 'refused', { reason: reason ?? '' }];
    default:
      return ['idle', outcome, { name, domain }];
  }
}

const clockText = (at: number | null): string => (at === null ? '' : new Date(at).toTimeString().slice(0, 8));
