import { type ChildProcess, fork } from 'node:child_process';
import { RipeError } from '../../domain/errors.ts';
import type { TriedAgentType } from './canary.ts';
import type { TrialAnswer, TrialRequest } from './trial-protocol.ts';

/** Built code runs as .js, the tests run the source as it is. */
const ENTRY = new URL(`./trial-entry${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
/** Several plugins often come together; after so long without one the process ends. */
const IDLE_MS = 5_000;
/** A trial bounds itself; this is for a process that stands still altogether. */
const LONGEST_TRIAL_MS = 60_000;

/**
 * Tries plugins in a process of its own, one after the other. A worker thread holds most faults, but one huge array
 * aborts the process around it: then that is this one, and the plugin is refused.
 */
export class TrialHouse {
  readonly #longestMs: number;
  #child: ChildProcess | null = null;
  #idle: NodeJS.Timeout | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(longestMs = LONGEST_TRIAL_MS) {
    this.#longestMs = longestMs;
  }

  /** Throws what is wrong with the plugin. */
  try(request: TrialRequest): Promise<TriedAgentType> {
    const turn = this.#turn.then(() => this.#try(request));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  stop(): void {
    clearTimeout(this.#idle);
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }

  async #try(request: TrialRequest): Promise<TriedAgentType> {
    clearTimeout(this.#idle);
    const answer = await this.#ask(request);
    this.#idle = setTimeout(() => this.stop(), IDLE_MS).unref();
    // There are loops that no worker is ended in: they are not to slow down the next trial.
    if ('code' in answer && answer.code === 'RIPE_PLUGIN_TIMEOUT') this.stop();
    if ('tried' in answer) return answer.tried;
    if ('fault' in answer) throw new Error(answer.fault);
    const error = new RipeError(answer.code, answer.params);
    // It also says in which function that was.
    if (answer.message !== undefined) error.message = answer.message;
    throw error;
  }

  #ask(request: TrialRequest): Promise<TrialAnswer> {
    const child = this.#begin();
    return new Promise((resolve) => {
      const end = (answer: TrialAnswer) => {
        clearTimeout(timer);
        child.off('message', heard).off('exit', gone).off('error', failed);
        resolve(answer);
      };
      const refused = (reason: string): TrialAnswer => ({
        code: 'RIPE_PLUGIN_INVALID',
        params: { plugin: request.options.plugin, reason },
      });
      const heard = (answer: unknown) => end(answer as TrialAnswer);
      const gone = (code: number | null, signal: string | null) =>
        end(refused(`ended the whole process that tried it (${signal ?? `code ${code}`})`));
      const failed = (error: Error) => end({ fault: error.message });
      const timer = setTimeout(() => {
        this.stop();
        end(refused(`no end of its trial within ${this.#longestMs} ms`));
      }, this.#longestMs);
      child.on('message', heard).on('exit', gone).on('error', failed);
      child.send(request, (error) => error !== null && failed(error));
    });
  }

  #begin(): ChildProcess {
    if (this.#child !== null) return this.#child;
    // Nothing of the environment, which may hold passwords; what it prints is of no use to anybody.
    const child = fork(ENTRY, [], { env: {}, execArgv: [], stdio: 'ignore', serialization: 'json' });
    this.#child = child;
    child.once('exit', () => {
      if (this.#child === child) this.#child = null;
    });
    // The process for trials keeps nobody alive.
    child.unref();
    child.channel?.unref();
    return child;
  }
}
