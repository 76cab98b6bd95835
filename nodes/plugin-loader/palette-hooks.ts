import type { NodeAPI } from 'node-red';
import type { PalettePackages } from './palette-packages.ts';

interface Hooks {
  add(name: string, hook: (event: { module: string }) => Promise<void>): void;
  remove(name: string): void;
}

const HOOKS = ['postInstall', 'postUninstall'] as const;
const RESTART = 'restart-required';

/**
 * Looks at the palette whenever Node-RED has installed or removed a package; its answer to the editor waits until the
 * new version is in service. After an upgrade without a restart it takes back the editor's banner that asks for one.
 * Call the answer to end that.
 */
export function followPalette(
  RED: NodeAPI,
  packages: PalettePackages,
  look: () => Promise<void>,
): () => void {
  // An embedded Node-RED may have none.
  const { hooks } = RED as unknown as { hooks?: Hooks };
  const unhook = () => {
    for (const hook of HOOKS) hooks?.remove(`${hook}.ripe`);
  };
  // They outlive a restart of Node-RED within one process.
  unhook();
  for (const hook of HOOKS) {
    // Never throws: Node-RED would remove the package again. Node-RED waits for the promise of a hook with one parameter
    // only; of any other it waits for a callback.
    hooks?.add(`${hook}.ripe`, (_event) => look().catch(() => undefined));
  }
  let isRestartDue = false;
  const onEvent = (event: { id?: string; payload?: { module?: string } }) => {
    if (event.id !== 'node/upgraded') return;
    if (!packages.isAgentsOnly(event.payload?.module ?? '')) isRestartDue = true;
    // Without a payload: nothing is due. Retained, as the banner itself.
    else if (!isRestartDue)
      setImmediate(() => RED.events.emit('runtime-event', { id: RESTART, retain: true }));
  };
  RED.events.on('runtime-event', onEvent);
  return () => {
    RED.events.off('runtime-event', onEvent);
    unhook();
  };
}
