import { controlBodies, patchSettings } from '../../agent/settings-patch.ts';
import { tightenLimits } from '../../job/limits.ts';
import type { SettingsBody } from '../../rest/bodies.ts';
import type { ApiRequest } from '../../rest/request.ts';
import type { AgentLane } from '../lanes/agent-lane.ts';
import { changed, keepSettings, loadedHost } from './agents.ts';
import type { OperationTable, Workshop } from './requests.ts';

/** All settings of an agent by their plain names, and its hard limits: for clients that draw more than the app does. */
export function settingsOperations(workshop: Workshop): OperationTable {
  return {
    getSettings: (request) => settingsOf(workshop.laneOf(request), request),
    patchSettings: (request) => patch(workshop, request),
  };
}

function settingsOf(lane: AgentLane, { locale }: ApiRequest): object {
  const { agentName, settings, guard } = lane.agent;
  return {
    agent_name: agentName,
    settings,
    controls: controlBodies(loadedHost(lane).settings, locale),
    limits: lane.guard.limits,
    own_limits: guard.limits ?? {},
    lockout: guard.lockout ?? null,
  };
}

/** Part of the settings, the limits, or both; that somebody looked after it brings a locked-out agent back. */
async function patch(workshop: Workshop, request: ApiRequest): Promise<object> {
  const lane = workshop.laneOf(request);
  const { agent, guard } = lane;
  const { settings = {}, limits = {} } = request.body as SettingsBody;
  const patched = patchSettings(loadedHost(lane).settings, agent.settings, settings);
  const former = agent.guard.limits ?? {};
  const own = tightenLimits(former, limits, guard.loosest);
  guard.setLimits(own);
  workshop.lanes.overseer.limitsChanged(lane);
  await keepSettings(lane, patched, async () => {
    try {
      await lane.handle({ type: 'settings', at: workshop.clock.now() }, request);
      await workshop.store.commit();
    } catch (error) {
      if (agent.guard.limits === own) {
        guard.setLimits(former);
        workshop.lanes.overseer.limitsChanged(lane);
      }
      throw error;
    }
  });
  changed(workshop, lane, 'settings');
  return settingsOf(lane, request);
}
