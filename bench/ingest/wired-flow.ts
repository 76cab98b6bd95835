import { LIMIT } from './workload.ts';

/** Where the flow tells how many readings it has had. */
export const COUNT_TOPIC = 'bench/count';
const TELL_EVERY = 100;

/** What a hobbyist wires by hand: mqtt in, json, a function with flow context, mqtt out. */
export function wiredFlow(brokerPort: number): object[] {
  const inTab = (node: object, index: number) => ({ ...node, z: 'tab', x: 100 + 120 * index, y: 100 });
  const nodes = [
    {
      id: 'in',
      type: 'mqtt in',
      broker: 'broker',
      topic: 'sensor/data/+/+',
      qos: '2',
      datatype: 'utf8',
      wires: [['json']],
    },
    { id: 'json', type: 'json', property: 'payload', action: 'obj', wires: [['decide']] },
    { id: 'decide', type: 'function', func: DECIDE, outputs: 1, wires: [['out']] },
    { id: 'out', type: 'mqtt out', broker: 'broker', topic: '', qos: '', retain: '', wires: [] },
  ];
  return [{ id: 'tab', type: 'tab', label: 'By hand' }, brokerNode(brokerPort), ...nodes.map(inTab)];
}

const DECIDE = `
const sensor = msg.topic.split('/')[2];
flow.set('last_' + sensor, msg.payload);
const count = (flow.get('count') || 0) + 1;
flow.set('count', count);
if (count % ${TELL_EVERY} === 0) node.send({ topic: '${COUNT_TOPIC}', qos: 0, payload: String(count) });
return { topic: 'sensor/cmd/' + sensor, qos: msg.qos, payload: Buffer.from([msg.payload.moisture < ${LIMIT} ? 1 : 0]) };`;

function brokerNode(port: number): object {
  return {
    id: 'broker',
    type: 'mqtt-broker',
    broker: '127.0.0.1',
    port: String(port),
    protocolVersion: '5',
    keepalive: '60',
    cleansession: true,
    autoConnect: true,
  };
}
