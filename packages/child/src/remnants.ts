import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { isStillRunning, type Mark, markedProcesses, type ProcessIdentity } from '@sluice/platform';
import { limits } from './limits.ts';
import { runChild } from './run-child.ts';

/** What is left of the runs of hooks: the processes with these marks. */
export interface RemnantsInit {
  readonly marks: readonly Mark[];
}

/** The answer. */
export interface RemnantsAnswer {
  /** Values of the marks of which processes were ended. */
  readonly ended: readonly string[];
  /** Processes that could not be ended in time, because they hang in a call of the system, and the values of their marks. */
  readonly stillThere: readonly { readonly value: string; readonly identity: ProcessIdentity }[];
}

/** The entry point of the process that ends what is left of hooks. Its parent is the agent. */
export function runRemnants(): void {
  runChild<RemnantsInit, never, RemnantsAnswer>((init, channel) => {
    void endRemnants(init, process.ppid).then((answer) => channel.send(answer));
  });
}

/**
 * Ends the processes with these marks. A process may start another one before it is ended, so they are listed until none is left,
 * for a bounded time. @param agent pid of the agent
 */
export async function endRemnants({ marks }: RemnantsInit, agent: number): Promise<RemnantsAnswer> {
  const ended = new Set<string>();
  for (let round = 0; ; round += 1) {
    const present = marks.flatMap((mark) => markedProcesses(mark, agent).map((identity) => ({ value: mark.value, identity })));
    if (present.length === 0 || round >= limits.remnantRounds) return { ended: [...ended], stillThere: present };
    for (const { value, identity } of present) {
      if (isStillRunning(identity) && kill(identity.pid)) ended.add(value);
    }
    await pause(limits.remnantPauseMs);
  }
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
    return false;
  }
}
