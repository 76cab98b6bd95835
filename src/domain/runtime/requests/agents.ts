import type { AgentHost } from '../../agent/agent-host.ts';
import { completeSettings } from '../../agent/settings-controls.ts';
import { type FormReader, fromConfig, toConfig } from '../../agent/settings-form.ts';
import { RipeError } from '../../errors.ts';
import type { AgentBody, CommandBody } from '../../rest/bodies.ts';
import type { ApiRequest } from '../../rest/request.ts';
import { commandBody } from '../../sensor/status.ts';
import { type AgentTwin, createAgent, findAgent, type Twin } from '../../sensor/twin.ts';
import { dayTimeIn } from '../../time/local-time.ts';
import type { AgentLane } from '../lanes/agent-lane.ts';
import { askPatiently } from './patience.ts';
import type { OperationTable, Workshop } from './requests.ts';

/** The command vector's length: the ESP8266 takes packets up to 256 bytes (protocol §10.3). */
const MOST_AGENTS = 64;

/** Registering, removing, forcing and configuring agents (protocol §3, §6). */
export function agentOperations(workshop: Workshop): OperationTable {
  return {
    registerAgent: (request) => registerAgent(workshop, request),
    deleteAgent: (request) => deleteAgent(workshop, request),
    command: (request) => command(workshop, request),
    commandHistory: (request) => commandHistory(workshop, request),
    getConfig: (request) => getConfig(workshop, request),
    setConfig: (request) => setConfig(workshop, request),
  };
}

async function registerAgent(workshop: Workshop, request: ApiRequest): Promise<object> {
  const twin = workshop.twinOf(request);
  const { domain, agent_name: agentName } = request.body as AgentBody;
  const host = workshop.agentTypes.get(agentName);
  if (host === undefined) throw new RipeError('RIPE_AGENT_TYPE_UNKNOWN', { name: agentName });
  workshop.agentTypes.hold(host);
  const lane = await engage(workshop, { twin, domain, host }).finally(() =>
    workshop.agentTypes.release(host),
  );
  workshop.publisher.forgive(twin.id);
  lane.save();
  try {
    await askPatiently(workshop, lane, { type: 'started', at: workshop.clock.now() }, request);
    // Somebody else may have enrolled another agent here meanwhile, in vain.
    await workshop.store.commit();
  } catch (error) {
    // What was refused is not there later either.
    if (!lane.isRemoved) remove(workshop, lane);
    throw error;
  }
  workshop.publisher.update(twin);
  changed(workshop, lane, 'added');
  return { domain, agent_name: agentName };
}

async function engage(
  workshop: Workshop,
  { twin, domain, host }: { twin: Twin; domain: string; host: AgentHost },
): Promise<AgentLane> {
  const agent = await newAgent(host, domain);
  requirePlace(workshop, twin, domain);
  await enrol(workshop, twin, agent);
  // Looked at again after the wait: the same domain may have been taken meanwhile.
  requirePlace(workshop, twin, domain);
  const lane = workshop.lanes.add(twin, agent, host);
  // Another version may be in service meanwhile.
  if (workshop.agentTypes.get(host.name) !== host) await workshop.lanes.adopt(host.name);
  return lane;
}

function requirePlace({ twins }: Workshop, twin: Twin, domain: string): void {
  if (twins[twin.id] !== twin) throw new RipeError('RIPE_AUTH_SENSOR');
  if (findAgent(twin, domain) !== undefined) throw new RipeError('RIPE_AGENT_EXISTS', { domain });
  if (twin.agents.length >= MOST_AGENTS) throw new RipeError('RIPE_AGENT_LIMIT', { limit: MOST_AGENTS });
}

/** On disk before it is at work: a retained vector must not have a byte of an agent that a crash would lose. */
async function enrol({ store }: Workshop, { id: sensor }: Twin, agent: AgentTwin): Promise<void> {
  const { domain, agentName, version, state, settings, value, wakeAt } = agent;
  const record = { sensor, domain, agentName, version, state, settings, value, wakeAt };
  store.write({ type: 'agentSaved', agent: record });
  try {
    await store.commit();
  } catch (error) {
    store.write({ type: 'agentRemoved', sensor, domain });
    throw error;
  }
}

async function newAgent(host: AgentHost, domain: string): Promise<AgentTwin> {
  const settings = completeSettings(host.settings, {});
  const state = await host.start(settings);
  const { name: agentName, version, neutral: value } = host;
  return createAgent({ domain, agentName, version, state, settings, value });
}

/** The actuator goes off first, then its byte leaves the vector (protocol §3 FIX, §5.3 FIX). */
async function deleteAgent(workshop: Workshop, request: ApiRequest): Promise<object> {
  const twin = workshop.twinOf(request);
  const { domain, agent_name } = request.body as AgentBody;
  const lane = workshop.lanes.find(twin.id, domain);
  if (lane === undefined || lane.agent.agentName !== agent_name) throw new RipeError('RIPE_AUTH_SENSOR');
  remove(workshop, lane);
  await workshop.store.commit();
  changed(workshop, lane, 'removed');
  return { domain, agent_name };
}

function remove({ store, lanes, publisher, keys }: Workshop, lane: AgentLane): void {
  const { twin, agent } = lane;
  lanes.remove(lane);
  store.write({ type: 'agentRemoved', sensor: twin.id, domain: agent.domain });
  publishWithout(twin, publisher, keys.keyOf(twin.id));
}

function publishWithout(twin: Twin, publisher: Workshop['publisher'], key: string | undefined): void {
  if (twin.agents.length > 0) publisher.update(twin);
  else if (key !== undefined) publisher.owe(twin.id, key);
}

async function command(workshop: Workshop, request: ApiRequest): Promise<null> {
  const lane = workshop.laneOf(request);
  const payload = boundedInteger((request.body as CommandBody).payload);
  await askPatiently(workshop, lane, { type: 'forced', at: workshop.clock.now(), payload }, request);
  return null;
}

/** 64 bits on the wire, 53 in a number; nobody waters for more than 285 million years. */
function boundedInteger(payload: number): number {
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, payload));
}

async function commandHistory(workshop: Workshop, request: ApiRequest): Promise<object[]> {
  const twin = workshop.twinOf(request);
  if (request.range === undefined) return [];
  return (await workshop.store.commands(twin.id, request.range)).map(commandBody);
}

function getConfig(workshop: Workshop, request: ApiRequest): object {
  const lane = workshop.laneOf(request);
  const reader = { ...formReader(workshop, request), locale: request.locale };
  return toConfig(loadedHost(lane).settings, lane.agent.settings, reader);
}

function formReader({ clock }: Workshop, request: ApiRequest): FormReader {
  const now = clock.now();
  return { zone: request.timeZone, dayTimeIn: (time, zone) => dayTimeIn(time, zone, now) };
}

async function setConfig(workshop: Workshop, request: ApiRequest): Promise<null> {
  const lane = workshop.laneOf(request);
  const { agent } = lane;
  const { settings: controls } = loadedHost(lane);
  const settings = fromConfig(controls, request.body, agent.settings, formReader(workshop, request));
  await keepSettings(lane, settings, async () => {
    await askPatiently(workshop, lane, { type: 'settings', at: workshop.clock.now() }, request);
    await workshop.store.commit();
  });
  changed(workshop, lane, 'settings');
  return null;
}

/** Settings that the store refuses are not there later either; what they have turned off stays off. */
export async function keepSettings(
  lane: AgentLane,
  settings: AgentTwin['settings'],
  store: () => Promise<void>,
): Promise<void> {
  const { agent } = lane;
  const former = agent.settings;
  agent.settings = settings;
  lane.save();
  try {
    await store();
  } catch (error) {
    if (agent.settings === settings) agent.settings = former;
    lane.save();
    throw error;
  }
}

export function loadedHost(lane: AgentLane): AgentHost {
  const host = lane.host();
  if (host === undefined) throw new RipeError('RIPE_AGENT_TYPE_UNKNOWN', { name: lane.agent.agentName });
  return host;
}

export function changed(workshop: Workshop, lane: AgentLane, change: 'added' | 'removed' | 'settings'): void {
  const { domain, agentName } = lane.agent;
  workshop.wires.event({ kind: 'agent', sensor: lane.twin.id, domain, agentName, change });
}
