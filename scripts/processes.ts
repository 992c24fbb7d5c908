import type { ChildProcess } from 'node:child_process';
import process, { exit, kill, platform } from 'node:process';

/** Running children, each with a process group for itself and what it starts. */
const running = new Set<ChildProcess>();
let isListening = false;

/**
 * Ends a child with everything that it started when this process is asked to end (Ctrl-C, SIGTERM, a closed terminal). The child
 * has to be started with `detached`, so that the terminal does not signal it.
 */
export function endWithThisProcess(child: ChildProcess): void {
  listen();
  running.add(child);
  child.once('exit', () => running.delete(child));
}

/** Ends a child and everything that it started, at once. */
export function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    kill(platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // The child and everything that it started have ended.
  }
}

function listen(): void {
  if (isListening) return;
  isListening = true;
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const) {
    process.on(signal, () => {
      // A request comes first: turbo has to end tasks that are in other process groups.
      for (const { pid } of running) if (pid !== undefined) askToEnd(pid);
      setTimeout(() => {
        for (const child of running) killGroup(child);
        exit(128 + number);
      }, 500);
    });
  }
}

function askToEnd(pid: number): void {
  try {
    kill(platform === 'win32' ? pid : -pid, 'SIGTERM');
  } catch {
    // The child has just ended.
  }
}
