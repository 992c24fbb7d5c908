import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { type Note } from '@sluice/agent';
import { selfCommand } from '@sluice/platform';
import { demoLimits } from '../limits.ts';

/** The agent of the tour. */
export interface DemoAgent {
  readonly notes: readonly Note[];
  /** Resolves with its exit code. */
  readonly ended: Promise<number>;
  /** Ends it, by force if needed. */
  end(): Promise<void>;
}

/** How the agent of the tour is started. */
export interface DemoAgentOptions {
  readonly args: readonly string[];
  /** A folder that is removed with the agent if this program ends early. */
  readonly root: string;
  readonly onComplaint: (line: string) => void;
  readonly onNote?: ((note: Note) => void) | undefined;
}

/** Starts the agent. */
export function startDemoAgent({ args, root, onComplaint, onNote }: DemoAgentOptions): DemoAgent {
  const self = selfCommand();
  // A separate session: Ctrl-Z stops the screen and not the agent, and only the tour ends it.
  const isApart = process.platform !== 'win32';
  const child = spawn(self.command, [...self.args, ...args], { stdio: ['ignore', 'pipe', 'pipe'], detached: isApart, windowsHide: true });
  const notes: Note[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const note = JSON.parse(line) as Note;
    notes.push(note);
    onNote?.(note);
  });
  createInterface({ input: child.stderr }).on('line', onComplaint);
  const breakOff = (): void => {
    kill(child, isApart);
    rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  };
  process.on('exit', breakOff);
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 1)));
  return {
    notes,
    ended,
    async end() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => kill(child, isApart), demoLimits.killAfterMs);
      await ended;
      clearTimeout(timer);
      process.removeListener('exit', breakOff);
    },
  };
}

/** Kills it with its children, if they are a group. */
function kill(child: ChildProcess, isGroup: boolean): void {
  if (child.exitCode !== null || child.pid === undefined) return;
  try {
    process.kill(isGroup ? -child.pid : child.pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
