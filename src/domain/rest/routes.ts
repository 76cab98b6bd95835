import type { Route } from './route.ts';
import { agentRoutes } from './routes/agents.ts';
import { gardenRoutes } from './routes/garden.ts';
import { historyRoutes } from './routes/history.ts';
import { jobRoutes } from './routes/jobs.ts';
import { pluginRoutes } from './routes/plugins.ts';
import { readingRoutes } from './routes/readings.ts';
import { sensorRoutes } from './routes/sensors.ts';

/**
 * Every REST route: the bundled flow has one `http in` node for each method and path of this table. The more
 * specific path comes first.
 */
export const ROUTES: readonly Route[] = [
  ...gardenRoutes,
  ...pluginRoutes,
  ...sensorRoutes,
  ...historyRoutes,
  ...readingRoutes,
  ...jobRoutes,
  ...agentRoutes,
];
