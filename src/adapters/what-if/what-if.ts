import { Worker } from 'node:worker_threads';
import type { Behaviour, WhatIfQuestion } from '../../domain/agent-bench/what-if.ts';
import { fieldError, RipeError } from '../../domain/errors.ts';
import type { KeptCode } from '../plugin-files/kept-code.ts';
import { replayPlugin } from './plugin-replay.ts';
import type { WhatIfOrder } from './what-if-entry.ts';

const WITHIN_MS = 20_000;
const MEMORY_MB = 256;
/** Built code runs as .js, the tests run the source as it is. */
const ENTRY = new URL(`./what-if-entry${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/**
 * Replays recorded readings beside the garden, which does not wait: one at a time, for 20 s at most. Agent types that ship
 * with RIPE are replayed in a thread with 256 MB at most, plugins in a process of their own. `module`: the URL of the module
 * that exports the agent types that ship with RIPE.
 */
export class WhatIf {
  readonly #module: string;
  readonly #withinMs: number;
  #isBusy = false;

  constructor(module: string, withinMs: number = WITHIN_MS) {
    this.#module = module;
    this.#withinMs = withinMs;
  }

  /** `kept`: the code of the version that is asked for, where that does not ship with RIPE. */
  async ask(question: WhatIfQuestion, kept?: KeptCode): Promise<Behaviour> {
    if (this.#isBusy) throw new RipeError('RIPE_WHAT_IF_BUSY');
    this.#isBusy = true;
    try {
      if (question.source === 'shipped') return await this.#run(question);
      // Another one may have taken its place in the moment before.
      if (kept === undefined) throw fieldError('version', 'is not kept');
      const { settings, range, readings } = question;
      return await replayPlugin(kept, { settings, range, readings }, this.#withinMs);
    } finally {
      this.#isBusy = false;
    }
  }

  async #run(question: WhatIfQuestion): Promise<Behaviour> {
    const order: WhatIfOrder = { module: this.#module, question };
    const resourceLimits = { maxOldGenerationSizeMb: MEMORY_MB };
    const worker = new Worker(ENTRY, { workerData: order, resourceLimits });
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Behaviour>((resolve, reject) => {
        const tooLong = () => reject(new RipeError('RIPE_WHAT_IF_LONG', { seconds: this.#withinMs / 1000 }));
        timer = setTimeout(tooLong, this.#withinMs);
        worker.once('message', resolve);
        worker.once('error', reject);
        worker.once('exit', () => reject(new Error('the replay ended without an answer')));
      });
    } finally {
      clearTimeout(timer);
      await worker.terminate();
    }
  }
}
