import process from 'node:process';
import { readText } from '../system-calls.ts';

/** What distinguishes a process from any later one of the same number, after a restart of the machine too. JSON. */
export interface ProcessIdentity {
  readonly bootId: string;
  readonly pid: number;
  /** Clock ticks since the boot, decimal. */
  readonly startTime: string;
}

/** @returns null where there is no such process, it has ended already, or the system does not say: only Linux does */
export function identifyProcess(pid: number): ProcessIdentity | null {
  // Elsewhere `/proc` is a folder like any other, and what it says would be believed of processes to be ended.
  if (process.platform !== 'linux') return null;
  const bootId = readText('/proc/sys/kernel/random/boot_id')?.trim();
  const stat = pid > 0 ? readText(`/proc/${pid}/stat`) : null;
  if (bootId === undefined || stat === null) return null;
  // proc_pid_stat(5). The name in parentheses may hold anything, so fields are counted behind it: 3 is the state, 20 the
  // number of threads, 22 the start.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  const threads = Number(fields[20 - 3]);
  const startTime = fields[22 - 3];
  // A killed process whose main thread is gone is a zombie too while another thread of it hangs in a call that may yet run.
  const hasEnded = state === 'X' || (state === 'Z' && threads <= 1);
  return startTime === undefined || hasEnded ? null : { bootId, pid, startTime };
}

/** Whether this very process still runs. */
export function isStillRunning(identity: ProcessIdentity): boolean {
  const now = identifyProcess(identity.pid);
  return now !== null && now.bootId === identity.bootId && now.startTime === identity.startTime;
}
