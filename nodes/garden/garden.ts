import type { NodeAPI } from 'node-red';
import { Garden } from '../../src/adapters/garden/garden.ts';
import type { RipeError } from '../../src/domain/errors.ts';
import { textOf } from '../../src/domain/errors.ts';
import { defineNode } from '../shared/define-node.ts';
import type { GardenService } from '../shared/find-garden.ts';
import { onceFlowsStarted } from '../shared/flows-started.ts';
import { type GardenConfig, parseGarden } from './config.ts';
import { offerEditorRoutes } from './editor-routes.ts';
import { FlowCopy } from './flow-copy.ts';

export default function register(RED: NodeAPI): void {
  const flowCopy = new FlowCopy(RED);
  flowCopy.renew();
  offerEditorRoutes(RED, flowCopy);
  defineNode<GardenConfig, GardenService>(RED, {
    type: 'ripe-garden',
    credentials: {
      adminToken: { type: 'password' },
      homeAssistantUser: { type: 'text' },
      homeAssistantPassword: { type: 'password' },
    },
    parse: parseGarden,
    start({ config, log }) {
      const onPoison = (error: unknown) => log.error(`the store refused a change for good: ${textOf(error)}`);
      const onFailing = (error: RipeError) =>
        log.warn(`${error.message}; trying again: ${textOf(error.cause)}`);
      const garden = new Garden({ ...config, onPoison, onFailing, onNotice: (text) => log.warn(text) });
      onceFlowsStarted(RED, () => flowCopy.announce((line) => log.warn(line)));
      garden.start().catch((error) => log.error(textOf(error)));
      return { garden, stop: () => garden.stop() };
    },
  });
}
