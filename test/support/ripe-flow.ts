import type { NodeInitializer } from 'node-red';
import agentIn from '../../nodes/agent-in/agent-in.ts';
import agentOut from '../../nodes/agent-out/agent-out.ts';
import api from '../../nodes/api/api.ts';
import broker from '../../nodes/broker/broker.ts';
import brokerPool from '../../nodes/broker-pool/broker-pool.ts';
import embeddedBroker from '../../nodes/embedded-broker/embedded-broker.ts';
import force from '../../nodes/force/force.ts';
import garden from '../../nodes/garden/garden.ts';
import jobRunner from '../../nodes/job-runner/job-runner.ts';
import pluginLoader from '../../nodes/plugin-loader/plugin-loader.ts';
import sensor from '../../nodes/sensor/sensor.ts';
import sensorRuntime from '../../nodes/sensor-runtime/sensor-runtime.ts';

/** All of RIPE's node types. */
export const ripeNodes: NodeInitializer[] = [
  garden,
  broker,
  brokerPool,
  sensorRuntime,
  jobRunner,
  pluginLoader,
  api,
  embeddedBroker,
  agentIn,
  agentOut,
  sensor,
  force,
];

export type FlowNode = { id: string; type: string } & Record<string, unknown>;

export const TAB = 'tab';
export const GARDEN = 'garden';

export const tab = (): FlowNode => ({ id: TAB, type: 'tab', label: 'RIPE' });

export const gardenNode = (properties: object = {}): FlowNode => ({
  id: GARDEN,
  type: 'ripe-garden',
  ...properties,
});

/** A broker node for the broker in this process. Its name is no id of a node: Node-RED would take that for a reference. */
export const embedded = (id = 'here'): FlowNode => ({
  id,
  type: 'ripe-broker',
  name: `the broker ${id}`,
  kind: 'embedded',
});

/** A broker node for another broker on this machine. */
export const external = (id: string, port: number, properties: object = {}): FlowNode => ({
  id,
  type: 'ripe-broker',
  name: `the broker ${id}`,
  kind: 'external',
  host: '127.0.0.1',
  port,
  ...properties,
});

/** A node in the tab. */
export function wired(
  id: string,
  type: string,
  properties: object = {},
  ...wires: readonly string[][]
): FlowNode {
  return { id, type, z: TAB, x: 100, y: 100, ...properties, wires };
}

/** A RIPE node that names the garden. */
export const inGarden = (
  id: string,
  type: string,
  properties: object = {},
  ...wires: readonly string[][]
): FlowNode => wired(id, type, { garden: GARDEN, ...properties }, ...wires);

/** A node that remembers its messages: `site.messages(id)`. */
export const probe = (id: string): FlowNode => wired(id, 'probe');
