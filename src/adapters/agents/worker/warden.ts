import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Each line names all that live now. Where there are no more lines, whoever has written them is gone; the signals of
 * those who end everything at once are not for the warden, who goes last.
 */
const SCRIPT = "trap '' INT TERM HUP; while read -r line; do living=$line; done; kill -9 $living";

/**
 * Ends the processes of plugins when this process ends, however it does: one in an endless loop does not notice that by
 * itself. Windows sees to that without help.
 */
class Warden {
  readonly #living = new Set<number>();
  #shell: ChildProcess | null = null;

  watch(pid: number): void {
    this.#living.add(pid);
    this.#tell();
  }

  forget(pid: number): void {
    this.#living.delete(pid);
    this.#tell();
  }

  #tell(): void {
    if (process.platform === 'win32') return;
    this.#shell ??= this.#start();
    this.#shell.stdin?.write(`${[...this.#living].join(' ')}\n`);
  }

  #start(): ChildProcess {
    const shell = spawn('/bin/sh', ['-c', SCRIPT], {
      env: {},
      stdio: ['pipe', 'ignore', 'ignore'],
      // Out of reach of the terminal's signals.
      detached: true,
    });
    const gone = () => {
      if (this.#shell === shell) this.#shell = null;
    };
    shell.once('exit', gone).once('error', gone);
    shell.stdin.on('error', () => undefined);
    shell.unref();
    (shell.stdin as unknown as { unref(): void }).unref();
    return shell;
  }
}

export const warden = new Warden();
