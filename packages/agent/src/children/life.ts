import { endEarlierLife } from '@sluice/child';
import type { ChildIdentity, WritableJournal } from '@sluice/persistence';
import { type ProcessIdentity } from '@sluice/platform';
import type { ChildRegister } from './crew.ts';

/** Keeps every child in the journal, for the agent's next life. */
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
export async function endJournaledChildren(journal: WritableJournal): Promise<readonly ChildIdentity[]> {
  const { ended, stillThere } = await endEarlierLife(journal.earlierChildren());
  for (const child of ended) journal.forgetChild(child);
  return stillThere;
}
