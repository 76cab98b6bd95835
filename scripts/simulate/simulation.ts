import type { View } from './display/views.ts';
import { SimulatedGarden } from './garden.ts';
import type { SimulatorOptions } from './options.ts';
import { createRipeClient, RefusedError, type RipeClient, UnreachableError } from './ripe-client.ts';

export interface Simulation {
  readonly options: SimulatorOptions;
  readonly chooseView: (garden: () => SimulatedGarden) => View;
  /** RIPE asks for patience; called for every try. */
  readonly onStarting: () => void;
  /** Ends the simulation; the sensors are deleted afterwards. */
  readonly signal: AbortSignal;
}

/** Resolves with whether RIPE is left as the options ask; rejects where RIPE cannot be used. */
export async function simulate(simulation: Simulation): Promise<boolean> {
  const { options, signal, onStarting } = simulation;
  const ripe = createRipeClient({ url: options.url, signal, onStarting });
  await checkRipe(ripe, options.url);
  const view = simulation.chooseView(() => garden);
  const garden = new SimulatedGarden(options, (event, sensor) => view.event(event, garden.time, sensor));
  view.event(
    { event: 'started', url: options.url, sensors: options.sensors, speed: options.speed },
    garden.time,
  );
  const failure = await live(garden, ripe, signal);
  const isClean = await leave(garden, options, view);
  if (failure !== null && !signal.aborted) throw failure;
  return isClean;
}

/** Nothing is registered before whoever answers has shown to be a RIPE. */
async function checkRipe(ripe: RipeClient, url: string): Promise<void> {
  try {
    await ripe.health();
  } catch (error) {
    if (error instanceof RefusedError && error.status < 500) {
      throw new UnreachableError(`No RIPE answers at ${url} (HTTP ${error.status} for /api/health)`);
    }
    throw error;
  }
}

async function live(garden: SimulatedGarden, ripe: RipeClient, signal: AbortSignal): Promise<unknown> {
  try {
    await garden.registerAll(ripe);
    await garden.run(signal);
    return null;
  } catch (error) {
    return error;
  }
}

async function leave(garden: SimulatedGarden, options: SimulatorOptions, view: View): Promise<boolean> {
  const seconds = Math.round(((garden.time - garden.startTime) / options.speed) * 10) / 10;
  const isClean = options.isKept || (await garden.deleteAll(createRipeClient({ url: options.url })));
  const { readings, runs } = garden;
  view.event({ event: 'ended', seconds, readings, runs, kept: options.isKept }, garden.time);
  view.close();
  return isClean;
}
