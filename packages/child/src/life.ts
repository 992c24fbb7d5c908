import { kill } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { isStillRunning, type ProcessIdentity, wakingClock } from '@sluice/platform';
import { limits } from './limits.ts';

/** What became of the children of an earlier life. */
export interface EarlierLife<Record extends ProcessIdentity> {
  readonly ended: readonly Record[];
  /** Inside a call that hangs: they may still finish what they had begun. */
  readonly stillThere: readonly Record[];
}

/**
 * Ends the processes that a crash left behind, before anything of theirs is finished, removed or reused. Ends only
 * a process that has the identity that was recorded, and nothing where the system knows no identities.
 *
 * @param within milliseconds to wait for them
 * @param end how a process is ended
 */
export async function endEarlierLife<Record extends ProcessIdentity>(
  records: readonly Record[],
  within: number = limits.earlierLifeMs,
  end: (pid: number) => void = killIfThere,
): Promise<EarlierLife<Record>> {
  const deadline = wakingClock.now() + within;
  for (const record of records) if (isStillRunning(record)) end(record.pid);
  for (;;) {
    const stillThere = records.filter(isStillRunning);
    if (stillThere.length === 0 || wakingClock.now() >= deadline) {
      return { ended: records.filter((record) => !stillThere.includes(record)), stillThere };
    }
    await pause(limits.earlierLifeCheckMs);
  }
}

function killIfThere(pid: number): void {
  try {
    kill(pid, 'SIGKILL');
  } catch {
    // It ended between the check and the signal, or may not be ended: the next check shows which.
  }
}
