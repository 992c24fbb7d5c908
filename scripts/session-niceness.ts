import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Linux shares the processors among sessions, not among processes, so that a program with one session gets a small part next to many
 * others, whatever their niceness is. Only root may give a session more. Source: sched(7), autogroup.
 */

/** Does work before what other sessions do. Processes that `runProcess` starts for it are in front too. */
export async function inFront<Result>(work: () => Promise<Result>): Promise<Result> {
  setNiceness('self', -10);
  try {
    return await work();
  } finally {
    setNiceness('self', 0);
  }
}

/** Gives a new session the niceness of this one. */
export function shareNiceness(pid: number): void {
  try {
    const [, niceness] = /nice (-?\d+)/.exec(readFileSync('/proc/self/autogroup', 'utf8')) ?? [];
    if (niceness !== undefined && niceness !== '0') setNiceness(pid, Number(niceness));
  } catch {
    // The system has no such groups.
  }
}

function setNiceness(pid: number | 'self', niceness: number): void {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(niceness));
  } catch {
    // The system has no such groups, or refuses it.
  }
}
