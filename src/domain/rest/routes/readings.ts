import Type from 'typebox';
import { DataMessage } from '../../reading/reading.ts';
import { Done } from '../answers/parts.ts';
import { DataRowAnswer, DataRows } from '../answers/readings.ts';
import type { Route } from '../route.ts';

/** What a sensor has measured (protocol §3, §7.1). */
export const readingRoutes: readonly Route[] = [
  {
    operation: 'firstRow',
    methods: ['GET'],
    path: '/api/sensor/{id}/data/first',
    access: 'key',
    summary: 'The oldest data row of a sensor',
    answer: Type.Union([DataRowAnswer, Type.Null()]),
  },
  {
    operation: 'rows',
    methods: ['GET'],
    path: '/api/sensor/{id}/data',
    access: 'key',
    range: 'dayOrRows',
    mostOnPage: 10_000,
    hasResolution: true,
    hasCsv: true,
    isForReader: true,
    summary: 'What was measured, oldest first: 30-minute rows of at most 24 hours, or what `resolution` says',
    answer: DataRows,
  },
  {
    operation: 'postData',
    methods: ['POST'],
    path: '/api/sensor/{id}/data',
    access: 'key',
    body: DataMessage,
    example: { moisture: 18.5, temperature: 21.25, timestamp: '2026-07-11T20:15:01Z' },
    summary: 'A reading, exactly as over MQTT',
    answer: Done,
  },
];
