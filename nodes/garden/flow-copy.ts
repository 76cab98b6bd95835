import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import type { NodeAPI } from 'node-red';
import { flowHash, readOrigin, renewCopy, writeOrigin } from '../../src/adapters/flow-file.ts';
import { ownPackage } from '../../src/adapters/own-package.ts';
import { textOf } from '../../src/domain/errors.ts';
import {
  copyIn,
  differenceOf,
  type FlowNode,
  type FlowNotice,
  toldDifference,
} from '../../src/domain/flow-copy.ts';
import { dataDirectory, ripeSettings } from '../shared/settings.ts';

/**
 * The copy of the bundled flow that somebody has imported into a Node-RED of their own. Beside the garden,
 * `ripe-flow.origin` remembers which bundled flow it was made of. In a Node-RED of `npm start`, settings.js does all this.
 */
export class FlowCopy {
  readonly #RED: NodeAPI;
  readonly #bundled: readonly FlowNode[];
  readonly #version: string;
  #isTold = false;

  /** Reads the bundled flow at once: npm may put another one in its place while this RIPE runs on. */
  constructor(RED: NodeAPI) {
    this.#RED = RED;
    const file = path.join(ownPackage(), 'flows/ripe.json');
    this.#bundled = JSON.parse(readFileSync(file, 'utf8')) as FlowNode[];
    this.#version = flowHash(copyIn(this.#bundled, this.#bundled));
  }

  /** While Node-RED starts, before it reads the flow: renews a copy that is as it came. Never throws. */
  renew(): void {
    const { log } = this.#RED;
    try {
      const file = this.#flowFile();
      const origin = readOrigin(this.#originFile());
      if (file === null || origin === null || this.#isManagedElsewhere() || this.#flow() !== null) return;
      if (!renewCopy(file, this.#bundled, origin)) return;
      writeOrigin(this.#originFile(), this.#version);
      log.info(`RIPE: its flow was as it came, and has been renewed; the former one is ${file}.before-ripe`);
    } catch (error) {
      log.warn(`RIPE: its flow could not be renewed: ${textOf(error)}`);
    }
  }

  /** Tells it once, when all nodes of the flow are made; in a Node-RED of `npm start`, that has told it already. */
  announce(warn: (line: string) => void): void {
    const notice = this.notice();
    if (notice === null || this.#isTold || this.#isManagedElsewhere()) return;
    this.#isTold = true;
    for (const line of toldDifference(notice)) warn(line);
  }

  /** What the running copy lacks, where it is of another bundled flow than this one; null: nothing, or no copy. */
  notice(): FlowNotice | null {
    if (this.#isManagedElsewhere()) return ripeSettings(this.#RED).flowNotice ?? null;
    const flow = this.#flow() ?? [];
    const copy = copyIn(flow, this.#bundled);
    if (copy.length === 0) return null;
    const origin = readOrigin(this.#originFile());
    const isPresent = flowHash(copy) === this.#version;
    // A copy that nobody knows yet was imported from this very version.
    if (origin === null || (isPresent && origin !== this.#version))
      writeOrigin(this.#originFile(), this.#version);
    if (origin === null || isPresent || origin === this.#version) return null;
    return { version: this.#version, ...differenceOf(flow, this.#bundled) };
  }

  /** The running flow; null before Node-RED has read one. */
  #flow(): FlowNode[] | null {
    const nodes: FlowNode[] = [];
    try {
      this.#RED.nodes.eachNode((node) => void nodes.push(node as unknown as FlowNode));
    } catch {
      // Node-RED has no flow to go through yet.
      return null;
    }
    return nodes;
  }

  #isManagedElsewhere(): boolean {
    return ripeSettings(this.#RED).flowNotice !== undefined;
  }

  #originFile(): string {
    return path.join(dataDirectory(this.#RED), 'ripe-flow.origin');
  }

  /** Where Node-RED will read the flow, by its own rule; null: in a project, or in a storage that is not of files. */
  #flowFile(): string | null {
    const { userDir, flowFile, storageModule, readOnly, editorTheme } = this.#RED.settings as unknown as {
      readonly userDir: string;
      readonly flowFile?: string;
      readonly storageModule?: unknown;
      readonly readOnly?: boolean;
      readonly editorTheme?: { readonly projects?: { readonly enabled?: boolean } };
    };
    if (storageModule !== undefined || readOnly === true || editorTheme?.projects?.enabled === true)
      return null;
    if (flowFile === undefined) return path.join(userDir, `flows_${hostname()}.json`);
    const here = path.resolve(flowFile);
    return flowFile.startsWith('./') || existsSync(here) ? here : path.resolve(userDir, flowFile);
  }
}
