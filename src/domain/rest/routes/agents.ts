import { ConfigBody } from '../../agent/settings-form.ts';
import { AgentsOfSensor, ConfigAnswer, SettingsAnswer } from '../answers/agents.ts';
import { Done } from '../answers/parts.ts';
import { WhatIfAnswer, WhatIfVersions } from '../answers/what-if.ts';
import { AgentBody, CommandBody, SettingsBody, WhatIfBody } from '../bodies.ts';
import type { Route } from '../route.ts';

/** Agents of a sensor: coming, going, settings, orders (protocol §3, §6). */
export const agentRoutes: readonly Route[] = [
  {
    operation: 'listAgents',
    methods: ['GET'],
    path: '/api/sensor/{id}/agent',
    access: 'key',
    isForReader: true,
    summary: 'The agents of a sensor: what they do, why, and their settings',
    answer: AgentsOfSensor,
  },
  {
    operation: 'registerAgent',
    methods: ['POST'],
    path: '/api/agent/{id}',
    access: 'key',
    body: AgentBody,
    example: { domain: '01_Water', agent_name: 'ThresholdAgent' },
    summary: 'Give a sensor an agent',
    answer: AgentBody,
  },
  {
    operation: 'deleteAgent',
    methods: ['DELETE'],
    path: '/api/agent/{id}',
    access: 'key',
    body: AgentBody,
    example: { domain: '01_Water', agent_name: 'ThresholdAgent' },
    summary: 'Take an agent from a sensor',
    answer: AgentBody,
  },
  {
    operation: 'getConfig',
    methods: ['GET'],
    path: '/api/agent/{id}/{domain64}/config',
    access: 'key',
    isForReader: true,
    summary: "An agent's settings as a form",
    answer: ConfigAnswer,
  },
  {
    operation: 'setConfig',
    methods: ['POST'],
    path: '/api/agent/{id}/{domain64}/config',
    access: 'key',
    body: ConfigBody,
    example: {
      '01_active': { Switch: true },
      '02_min_threshold': { IntSlider: [0, 100, 20] },
      '03_action_duration_ms': { TimeSlider: [0, 600000, 10000, 40] },
      '04_action_cooldown_ms': { TimeSlider: [0, 3600000, 30000, 60] },
    },
    isForReader: true,
    summary: "Set an agent's settings",
    answer: Done,
  },
  {
    operation: 'getSettings',
    methods: ['GET'],
    path: '/api/agent/{id}/{domain64}/settings',
    access: 'key',
    isForReader: true,
    summary: "All of an agent's settings by their names, and its hard limits",
    answer: SettingsAnswer,
  },
  {
    operation: 'patchSettings',
    methods: ['PATCH'],
    path: '/api/agent/{id}/{domain64}/settings',
    access: 'key',
    body: SettingsBody,
    example: { settings: { minThreshold: 30 }, limits: { longestRunMs: 600000 } },
    isForReader: true,
    summary: "Change some of an agent's settings, or tighten its hard limits",
    answer: SettingsAnswer,
  },
  {
    operation: 'whatIfVersions',
    methods: ['GET'],
    path: '/api/agent/{id}/{domain64}/what-if',
    access: 'key',
    isForReader: true,
    summary: 'Which versions of its agent type an agent can be tried with, and with which settings',
    answer: WhatIfVersions,
  },
  {
    operation: 'whatIf',
    methods: ['POST'],
    path: '/api/agent/{id}/{domain64}/what-if',
    access: 'key',
    body: WhatIfBody,
    example: { days: 7 },
    summary:
      'What an agent would have done with other settings, or another version: recorded readings, replayed beside the garden',
    answer: WhatIfAnswer,
  },
  {
    operation: 'command',
    methods: ['POST'],
    path: '/api/agent/{id}/{domain64}',
    access: 'key',
    body: CommandBody,
    example: { payload: 30 },
    summary: 'Force an agent: on, off or a value',
    answer: Done,
  },
];
