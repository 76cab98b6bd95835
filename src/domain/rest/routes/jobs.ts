import { JobAnswer, JobList } from '../answers/jobs.ts';
import { StartJobBody } from '../bodies.ts';
import type { Route } from '../route.ts';

/** What the actuators of a sensor do, did, and are to do. */
export const jobRoutes: readonly Route[] = [
  {
    operation: 'listJobs',
    methods: ['GET'],
    path: '/api/sensor/{id}/job',
    access: 'key',
    range: 'orNone',
    mostOnPage: 1_000,
    summary:
      'The jobs of a sensor that have not ended, oldest first; with a range those that ended in it, newest first',
    answer: JobList,
  },
  {
    operation: 'startJob',
    methods: ['POST'],
    path: '/api/sensor/{id}/job',
    access: 'key',
    body: StartJobBody,
    example: { domain: '01_Water', duration_ms: 60000, supply: 'pump' },
    summary: 'Run an actuator once, whatever its agent thinks',
    answer: JobAnswer,
  },
  {
    operation: 'cancelJob',
    methods: ['DELETE'],
    path: '/api/sensor/{id}/job/{job}',
    access: 'key',
    summary: 'End a job now, whoever started it',
    answer: JobAnswer,
  },
];
