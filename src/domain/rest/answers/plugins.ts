import Type from 'typebox';
import { date } from './parts.ts';

export const PluginAnswer = Type.Object({
  plugin: Type.String({ description: 'What brings it: a file or folder, a palette package, a node' }),
  source: Type.Union(['shipped', 'folder', 'palette', 'wires'].map((source) => Type.Literal(source))),
  name: Type.Union([Type.String(), Type.Null()], { description: 'The agent type; null where none runs' }),
  version: Type.Union([Type.String(), Type.Null()], { description: 'The version that runs, or null' }),
  health: Type.Union([Type.Literal('well'), Type.Literal('behind'), Type.Literal('failed')], {
    description:
      'well: it runs as it lies there. behind: an earlier version runs. failed: nothing of it runs',
  }),
  in_service: Type.Boolean({
    description: 'false: nothing runs, or a plugin of the same name from another source decides',
  }),
  pinned: Type.Boolean(),
  last_good: Type.Union([Type.String(), Type.Null()], { description: 'Where a rollback leads to' }),
  agents: Type.Integer({ description: 'How many agents decide with a version of this plugin' }),
  agents_behind: Type.Integer({
    description:
      'How many of them keep an earlier version, because the one in service does not take their state',
  }),
  refused: Type.Union([
    Type.Object({
      version: Type.Union([Type.String(), Type.Null()]),
      reason: Type.String(),
      at: date('When it was refused or rolled back'),
    }),
    Type.Null(),
  ]),
});
export const PluginList = Type.Array(PluginAnswer);
