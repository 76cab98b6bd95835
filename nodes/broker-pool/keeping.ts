import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { IncomingMessage } from '../../src/adapters/mqtt/link/broker-link.ts';
import type { NodeContext } from '../shared/define-node.ts';

/**
 * Sends messages with a receipt; each is taken over for good when the runtime has handed the receipt in and the store
 * has committed what it wrote until then.
 */
export function keeping(
  garden: Garden,
  send: NodeContext<unknown>['send'],
): (message: IncomingMessage) => Promise<void> | undefined {
  return (message) => {
    if (message.qos !== 1) {
      send(message);
      return undefined;
    }
    const { id, taken } = garden.receipts.expect();
    send({ ...message, receipt: id });
    return taken.then(() => garden.stored());
  };
}
