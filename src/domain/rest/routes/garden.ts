import {
  AgentTypeList,
  AgentTypeNames,
  BrokerList,
  Health,
  MetricsText,
  Readiness,
  SupplyList,
} from '../answers/garden.ts';
import type { Route } from '../route.ts';

/** What concerns no single sensor. */
export const gardenRoutes: readonly Route[] = [
  {
    operation: 'health',
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    path: '/api/health',
    access: 'anybody',
    summary: 'Whether RIPE and its database answer',
    answer: Health,
  },
  {
    operation: 'ready',
    methods: ['GET'],
    path: '/api/ready',
    access: 'anybody',
    summary: 'Whether RIPE takes readings and carries commands out, and what of it does not',
    answer: Readiness,
  },
  {
    operation: 'metrics',
    methods: ['GET'],
    path: '/metrics',
    access: 'metrics',
    textType: 'text/plain',
    summary: 'Figures for Prometheus',
    answer: MetricsText,
  },
  {
    operation: 'listAgentTypes',
    methods: ['GET'],
    path: '/api/agent',
    access: 'anybody',
    summary: 'Names of the loaded agent types',
    answer: AgentTypeNames,
  },
  {
    operation: 'describeAgentTypes',
    methods: ['GET'],
    path: '/api/agent-type',
    access: 'anybody',
    isForReader: true,
    summary: 'The loaded agent types, with the forms of their settings and their hard limits',
    answer: AgentTypeList,
  },
  {
    operation: 'listBrokers',
    methods: ['GET'],
    path: '/api/broker',
    access: 'administrator',
    summary: 'Every broker of the garden, and whether it serves',
    answer: BrokerList,
  },
  {
    operation: 'listSupplies',
    methods: ['GET'],
    path: '/api/supply',
    access: 'administrator',
    summary: 'Every supply, and the jobs that have it, rest, or wait for it',
    answer: SupplyList,
  },
];
