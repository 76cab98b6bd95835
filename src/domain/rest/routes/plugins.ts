import { PluginList } from '../answers/plugins.ts';
import { PinBody, PluginBody } from '../bodies.ts';
import type { Route } from '../route.ts';

/** How plugins stand, and what a person asks of them. */
export const pluginRoutes: readonly Route[] = [
  {
    operation: 'listPlugins',
    methods: ['GET'],
    path: '/api/plugin',
    access: 'anybody',
    summary: 'How every plugin stands: versions, health, and why one was refused',
    answer: PluginList,
  },
  {
    operation: 'rescanPlugins',
    methods: ['POST'],
    path: '/api/plugin/rescan',
    access: 'administrator',
    summary: 'Look for new and changed plugins now, and try refused ones again',
    answer: PluginList,
  },
  {
    operation: 'pinPlugin',
    methods: ['POST'],
    path: '/api/plugin/pin',
    access: 'administrator',
    body: PinBody,
    example: { name: 'FrostGuard', version: '1.2.0' },
    summary: 'Keep the version of a plugin that runs, or an earlier one, until it is unpinned',
    answer: PluginList,
  },
  {
    operation: 'unpinPlugin',
    methods: ['POST'],
    path: '/api/plugin/unpin',
    access: 'administrator',
    body: PluginBody,
    example: { name: 'FrostGuard' },
    summary: 'Let a pinned plugin follow its file again',
    answer: PluginList,
  },
  {
    operation: 'rollBackPlugin',
    methods: ['POST'],
    path: '/api/plugin/rollback',
    access: 'administrator',
    body: PluginBody,
    example: { name: 'FrostGuard' },
    summary: 'Go back to the version of a plugin that ran before',
    answer: PluginList,
  },
];
