import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Commands for the serving process, which answers each with a line. */
export type ServingOrder =
  | { readonly do: 'move'; readonly copies: number }
  /** Sends lines of the log, a kilobyte each, to all that watch it. */
  | { readonly do: 'tell'; readonly lines: number }
  | { readonly do: 'watch_lag' }
  | { readonly do: 'report' };

/** The answer of the serving process. */
export interface ServingWord {
  /** Blocks of the loop since `watch_lag`. The next command ends the measurement. */
  readonly lagMs: readonly number[];
  readonly clients: number;
  readonly troubles: readonly string[];
}

/** An agent's process with 100,000 files that only serves screens. */
export interface Serving {
  readonly pid: number;
  readonly stateDir: string;
  order(order: ServingOrder): Promise<ServingWord>;
  end(): Promise<void>;
}

/** Starts the serving process. */
export async function startServing(): Promise<Serving> {
  const stateDir = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const child = fork(join(import.meta.dirname, 'serving-main.ts'), [stateDir], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await wordOf(child);
  if (child.pid === undefined) throw new Error('the serving process has no pid');
  return {
    pid: child.pid,
    stateDir,
    order: (order) => {
      const word = wordOf(child);
      child.send(order);
      return word;
    },
    end: async () => {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
      rmSync(stateDir, { recursive: true });
    },
  };
}

async function wordOf(child: ChildProcess): Promise<ServingWord> {
  const ended = new AbortController();
  const gone = once(child, 'exit', { signal: ended.signal }).then(() => Promise.reject(new Error('the serving process has ended')));
  try {
    const [word] = (await Promise.race([once(child, 'message'), gone])) as [ServingWord];
    return word;
  } finally {
    gone.catch(() => undefined);
    ended.abort();
  }
}
