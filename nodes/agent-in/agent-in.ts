import type { NodeAPI } from 'node-red';
import { defineNode, type NodeContext, type NodeService } from '../shared/define-node.ts';
import { requiredGarden } from '../shared/find-garden.ts';
import { onceFlowsStarted } from '../shared/flows-started.ts';
import type { QuestionMessage } from '../shared/messages.ts';
import { type AgentInConfig, parseAgentIn } from './config.ts';

export default function register(RED: NodeAPI): void {
  defineNode<AgentInConfig, NodeService>(RED, { type: 'ripe-agent-in', parse: parseAgentIn, start });
}

function start(context: NodeContext<AgentInConfig>): NodeService {
  const { RED, node, config, send } = context;
  const { wiredAgents } = requiredGarden(RED, config.garden);
  const show = statusOf(context);
  wiredAgents.claim(config.type, {
    node: node.id,
    send({ id, agentName, event, view }) {
      const topic = `agent/${event.type}` as const;
      send({ topic, payload: event, view, agentName, _question: id } satisfies QuestionMessage);
    },
    answered: show,
  });
  show(true);
  return {
    stop() {
      wiredAgents.leave(node.id);
      // Only then it shows whether this node was deployed anew or removed.
      onceFlowsStarted(RED, () => wiredAgents.release(node.id));
    },
  };
}

/** Yellow while questions stay without an answer. */
function statusOf({ config, status }: NodeContext<AgentInConfig>): (isAnswered: boolean) => void {
  const { name, version, answerWithinMs } = config.type;
  let shown: boolean | null = null;
  return (isAnswered) => {
    if (isAnswered === shown) return;
    shown = isAnswered;
    if (isAnswered) status('ok', 'ready', { name, version });
    else status('warning', 'silent', { name, seconds: answerWithinMs / 1_000 });
  };
}
