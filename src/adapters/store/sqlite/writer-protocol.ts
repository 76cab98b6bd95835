import type { SqlValue } from '../columns.ts';
import type { SqliteBounds } from './connect.ts';
import type { PackedBatch } from './packed-batch.ts';

/** What the writer's thread is started with. */
export interface WriterData {
  readonly file: string;
  readonly bounds: SqliteBounds;
  /** One int32, shared: the number of the batch that was committed last. */
  readonly committed: SharedArrayBuffer;
}

export type WriterRequest =
  | {
      readonly kind: 'batch';
      readonly number: number;
      readonly batch: PackedBatch;
      readonly durable: boolean;
      /** Statements that no batch before has named, in the order of their numbers. */
      readonly statements: readonly string[];
    }
  /** One statement in a transaction of its own. */
  | { readonly kind: 'run'; readonly sql: string; readonly values: readonly SqlValue[] }
  /** The thread ends. */
  | { readonly kind: 'close' };

/** An error, as it goes from thread to thread: copied as itself it would lose its codes. */
export interface Fault {
  readonly message: string;
  readonly code?: string;
  readonly errcode?: number;
}

/** By `kind` of the request, in the order of the requests. */
export interface WriterResults {
  readonly batch: readonly { readonly place: number; readonly fault: Fault }[];
  /** How many rows it has changed. */
  readonly run: number;
  readonly close: null;
}

export type WriterAnswer =
  | { readonly result: WriterResults[keyof WriterResults] }
  | { readonly fault: Fault }
  /** Answers nothing: the log of the database holds so many pages, and could not be brought in. */
  | { readonly longLog: number };

export function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, code, errcode } = error as Error & { code?: unknown; errcode?: unknown };
  return {
    message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof errcode === 'number' ? { errcode } : {}),
  };
}

export function errorOf({ message, ...codes }: Fault): Error {
  return Object.assign(new Error(message), codes);
}
