import type { Change } from '../../../domain/change.ts';
import type { Poison } from '../commit-options.ts';
import { batchStatements, type Statement } from './batch-statements.ts';
import type { Pool, PoolClient } from './driver.ts';
import { isChangeFault, isMomentary, ReplacedDatabase, UnwritableChange } from './faults.ts';
import { SCHEMA } from './postgres-flavour.ts';

/**
 * Writes batches, each in one transaction and two round trips: everything up to the last statement is sent at
 * once, COMMIT when it is known to have worked.
 *
 * A batch that somebody awaits is committed synchronously, as the server understands it. The others are
 * committed with `synchronous_commit = off`: a crash of the server can lose those of the last moment (three
 * times wal_writer_delay, 0.6 s), never parts of one.
 *
 * A connection that is lost during COMMIT leaves open whether the batch was committed, and writing it again
 * would double its readings, commands and decisions. So every batch also sets the number of its writer's last
 * batch, and `settle` looks it up. The row lock of that number is held from before COMMIT is sent: who reads it
 * for update afterwards sees the outcome, also of a transaction that the server has not finished yet.
 */
export class BatchWriter {
  readonly #pool: Pool;
  readonly #id: string;
  #batch = 0;
  #doubt: { readonly batch: number; readonly poison: readonly Poison[] } | null = null;
  /** Whether the server may hold commits that its crash can lose. */
  #atRisk = false;

  constructor(pool: Pool, id: string) {
    this.#pool = pool;
    this.#id = id;
  }

  /** Whether the batch whose `write` failed was committed nevertheless: its poison, or null if it was not. */
  async settle(): Promise<readonly Poison[] | null> {
    const doubt = this.#doubt;
    if (doubt === null) return null;
    const text = `select batch from ${SCHEMA}.writers where id = $1 for update`;
    const { rows } = await this.#pool.query<{ batch: number }>(text, [this.#id]);
    if (rows[0] === undefined) throw new ReplacedDatabase();
    this.#doubt = null;
    return rows[0].batch === doubt.batch ? doubt.poison : null;
  }

  /** Returns what could not be written because of itself; throws when nothing, or nothing known, was written. */
  async write(changes: readonly Change[], durable: boolean): Promise<readonly Poison[]> {
    if (changes.length === 0 && !(durable && this.#atRisk)) return [];
    this.#atRisk = true;
    const poison = await this.#writeOn(await this.#pool.connect(), changes, durable);
    this.#atRisk = !durable;
    return poison;
  }

  async #writeOn(client: PoolClient, changes: readonly Change[], durable: boolean) {
    let failure: unknown;
    try {
      return await this.#writeAll(client, changes, durable);
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      client.release(failure !== undefined);
    }
  }

  async #writeAll(
    client: PoolClient,
    changes: readonly Change[],
    durable: boolean,
    isAgain = false,
  ): Promise<readonly Poison[]> {
    try {
      const statements = batchStatements(changes);
      return await this.#transaction(client, durable, async (begun) => {
        await Promise.all([begun, ...send(client, statements)]);
        return [];
      });
    } catch (error) {
      if (isMomentary(error) && !isAgain) return this.#writeAll(client, changes, durable, true);
      if (!isChangeFault(error)) throw error;
      return this.#transaction(client, durable, async (begun) => {
        await begun;
        return sift(client, changes);
      });
    }
  }

  async #transaction(
    client: PoolClient,
    durable: boolean,
    work: (begun: Promise<void>) => Promise<readonly Poison[]>,
  ): Promise<readonly Poison[]> {
    this.#batch += 1;
    const batch = this.#batch;
    let poison: readonly Poison[];
    try {
      poison = await work(this.#begin(client, batch, durable));
    } catch (error) {
      // Where the connection is gone, the server rolls back by itself.
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
    this.#doubt = { batch, poison };
    await client.query('COMMIT');
    this.#doubt = null;
    return poison;
  }

  async #begin(client: PoolClient, batch: number, durable: boolean): Promise<void> {
    // A server that is told to be more thorough than `on` stays so.
    const synchronous = durable
      ? "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'"
      : 'SET LOCAL synchronous_commit = off';
    const results = await client.query(
      `BEGIN ISOLATION LEVEL READ COMMITTED; ${synchronous}; ` +
        `UPDATE ${SCHEMA}.writers SET batch = ${batch}, at = now() WHERE id = '${this.#id}'`,
    );
    const updated = (results as unknown as { rowCount: number }[]).at(-1);
    if (updated?.rowCount !== 1) throw new ReplacedDatabase();
  }
}

/** Writes what can be written: halves what fails until the culprits stand alone. */
async function sift(client: PoolClient, changes: readonly Change[]): Promise<readonly Poison[]> {
  try {
    const statements = batchStatements(changes);
    await client.query('SAVEPOINT part');
    await Promise.all(send(client, statements));
    await client.query('RELEASE part');
    return [];
  } catch (error) {
    if (!isChangeFault(error)) throw error;
    if (!(error instanceof UnwritableChange)) await client.query('ROLLBACK TO part; RELEASE part');
    const [first] = changes;
    if (changes.length === 1 && first !== undefined) return [{ error: causeOf(error), change: first }];
    const half = changes.length >> 1;
    const before = await sift(client, changes.slice(0, half));
    return [...before, ...(await sift(client, changes.slice(half)))];
  }
}

function send(client: PoolClient, statements: readonly Statement[]): Promise<unknown>[] {
  return statements.map(({ text, values }) => client.query(text, [...values]));
}

function causeOf(error: unknown): unknown {
  return error instanceof UnwritableChange ? error.cause : error;
}
