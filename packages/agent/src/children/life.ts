import { readFileSync } from 'node:fs';
import { kill } from 'node:process';
import type { ChildIdentity, WritableJournal } from '@sluice/persistence';
import type { ChildRegister } from './crew.ts';

const endedWithinMs = 2_000;
const lookEveryMs = 20;

/** Boot id and start time tell a process apart from any later one of the same number. Linux only; else null. */
export function identify(pid: number, kind: string): ChildIdentity | null {
  try {
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22 of proc_pid_stat(5), counted behind the name, which may hold anything.
    const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return startTime === undefined ? null : { pid, bootId, startTime, kind };
  } catch {
    return null;
  }
}

/** Keeps every child in the journal, for the agent's next life. */
export function createRegister(journal: WritableJournal, wall: () => number): ChildRegister & { end(): void } {
  const living = new Map<number, ChildIdentity>();
  let hasEnded = false;
  return {
    end() {
      hasEnded = true;
    },
    born(kind, pid) {
      const identity = identify(pid, kind);
      if (identity === null || hasEnded) return;
      living.set(pid, identity);
      tolerate(() => journal.noteChild(identity, wall()));
    },
    gone(pid) {
      const identity = living.get(pid);
      living.delete(pid);
      if (identity !== undefined && !hasEnded) tolerate(() => journal.forgetChild(identity));
    },
  };
}

/** A disk that is full must not end the agent: a child that is not noted is only not ended after a crash. */
function tolerate(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || !String(error.code).startsWith('SQLITE_')) throw error;
  }
}

/**
 * Ends what an earlier life of this agent left running, before anything of it is finished, removed or reused.
 *
 * @returns those that are still there: inside a call that hangs
 */
export async function endEarlierLife(journal: WritableJournal): Promise<readonly ChildIdentity[]> {
  let remaining = journal.earlierChildren();
  for (const child of remaining) if (isStill(child)) tryKill(child.pid);
  const deadline = performance.now() + endedWithinMs;
  for (;;) {
    for (const child of remaining) if (!isStill(child)) journal.forgetChild(child);
    remaining = remaining.filter(isStill);
    if (remaining.length === 0 || performance.now() >= deadline) return remaining;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

function isStill(child: ChildIdentity): boolean {
  const now = identify(child.pid, child.kind);
  return now !== null && now.bootId === child.bootId && now.startTime === child.startTime && !isZombie(child.pid);
}

function isZombie(pid: number): boolean {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, ''));
  } catch {
    return true;
  }
}

function tryKill(pid: number): void {
  try {
    kill(pid, 'SIGKILL');
  } catch {
    // Gone between the look and the signal.
  }
}
