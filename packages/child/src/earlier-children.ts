import { kill } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { isStillRunning, type ProcessIdentity, wakingClock } from '@sluice/platform';
import { limits } from './limits.ts';

/** The result of ending the children of an earlier run of the agent. */
export interface EarlierLife<Record extends ProcessIdentity> {
  readonly ended: readonly Record[];
  /** They hang inside a call, and may still finish what they had begun. */
  readonly stillThere: readonly Record[];
}

/**
 * Ends the processes that a crash left behind, before any file of theirs is finished, removed or reused. It ends a process only if
 * its identity is the recorded one, and none on a system that has no identities.
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
    // It ended between the check and the signal, or may not be ended. The next check shows which.
  }
}
