import Type from 'typebox';
import { EventAnswer } from '../answers/events.ts';
import { CommandRow, DecisionList, SensorCommandList } from '../answers/history.ts';
import type { Route } from '../route.ts';

/** What the agents of a sensor have decided, and what became of it. */
export const historyRoutes: readonly Route[] = [
  {
    operation: 'decisions',
    methods: ['GET'],
    path: '/api/sensor/{id}/decision',
    access: 'key',
    range: 'any',
    mostOnPage: 1_000,
    isForReader: true,
    summary: 'Why the agents of a sensor did, or did not do, something: newest first',
    answer: DecisionList,
  },
  {
    operation: 'sensorCommands',
    methods: ['GET'],
    path: '/api/sensor/{id}/command',
    access: 'key',
    summary: 'The newest commands of a sensor and what became of them: newest first, at most 32',
    answer: SensorCommandList,
  },
  {
    operation: 'commandHistory',
    methods: ['GET'],
    path: '/api/agent/{id}',
    access: 'key',
    range: 'day',
    summary: 'Commands of a range of at most 24 hours',
    answer: Type.Array(CommandRow),
  },
  {
    operation: 'events',
    methods: ['GET'],
    path: '/api/sensor/{id}/events',
    access: 'key',
    isStream: true,
    isForReader: true,
    summary: 'What happens to a sensor, as it happens (Server-Sent Events)',
    answer: EventAnswer,
  },
];
