import { endEarlierLife } from '@sluice/child';
import type { ChildIdentity, WritableJournal } from '@sluice/persistence';
import { type ProcessIdentity } from '@sluice/platform';
import type { ChildRegister } from './crew.ts';

/** Creates a register that keeps every running child in the journal, for the next run of the agent. */
export function createRegister(journal: WritableJournal, wall: () => number): ChildRegister & { end(): void } {
  const living = new Map<number, ProcessIdentity>();
  let hasEnded = false;
  return {
    end() {
      hasEnded = true;
    },
    born(kind, { identity }) {
      if (identity === null || hasEnded) return;
      living.set(identity.pid, identity);
      tolerate(() => journal.noteChild({ ...identity, kind }, wall()));
    },
    gone(pid) {
      const identity = living.get(pid);
      living.delete(pid);
      if (identity !== undefined && !hasEnded) tolerate(() => journal.forgetChild(identity));
    },
  };
}

/**
 * Runs a write and ignores a full disk, which must not end the agent. A child that is not recorded is only not ended after a
 * crash.
 */
function tolerate(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || !String(error.code).startsWith('SQLITE_')) throw error;
  }
}

/**
 * Ends the processes that an earlier run of this agent left behind, before anything of that run is finished, removed or reused.
 *
 * @param children the records of the journal
 * @returns processes that still exist, because a call hangs
 */
export async function endJournaledChildren(
  journal: WritableJournal,
  children: readonly ChildIdentity[],
): Promise<readonly ChildIdentity[]> {
  const { ended, stillThere } = await endEarlierLife(children);
  for (const child of ended) journal.forgetChild(child);
  return stillThere;
}
