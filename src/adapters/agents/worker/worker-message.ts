import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { ProcessMessage } from './worker-protocol.ts';

const Id = Type.Integer({ minimum: 1 });

const validator = Compile(
  Type.Union([
    Type.Object({ id: Id, result: Type.Unknown() }),
    Type.Object({ id: Id, error: Type.String(), isOver: Type.Optional(Type.Literal(true)) }),
    Type.Object({ begins: Id, sinceMs: Type.Number(), cpuMs: Type.Number() }),
    Type.Object({ log: Type.String() }),
    Type.Object({ described: Type.Unknown() }),
    Type.Object({ failed: Type.String() }),
    Type.Object({ ends: Type.String() }),
  ]),
);

/** A line that came from a process with plugin code; undefined: that is not how workers speak. */
export function parseProcessMessage(line: string): ProcessMessage | undefined {
  try {
    const message: unknown = JSON.parse(line);
    return validator.Check(message) ? (message as ProcessMessage) : undefined;
  } catch {
    return undefined;
  }
}
