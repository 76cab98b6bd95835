import { type FlowNode, inGarden, probe, wired } from './ripe-flow.ts';

/** Waters below `limit` %; everything else is answered by nothing to do. */
export const wetCode = (limit: number | string, run = '30 s'): string => `
  const { reading } = msg.payload;
  const isDry = reading && reading.moisture !== null && reading.moisture < ${limit};
  msg.payload = isDry ? '${run}' : null;
  if (isDry) msg.because = 'dry: ' + reading.moisture + ' %';
  return msg;`;

export const func = (id: string, code: string, to: string): FlowNode =>
  wired(id, 'function', { func: code, outputs: 1, initialize: '', finalize: '', libs: [] }, [to]);

export const agentIn = (properties: object = {}, to: readonly string[] = ['wet', 'asked']): FlowNode =>
  inGarden('in', 'ripe-agent-in', { agentName: 'WetAgent', neutral: '0', ...properties }, [...to]);

/** An agent type made of wires: `in` → function `wet` → `out`; the probe `asked` sees every question. */
export const wetAgent = (code: string = wetCode(20), properties: object = {}): FlowNode[] => [
  agentIn(properties),
  func('wet', code, 'out'),
  inGarden('out', 'ripe-agent-out'),
  probe('asked'),
];
