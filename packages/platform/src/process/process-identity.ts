import process from 'node:process';
import { readText } from '../system-calls.ts';

/** What distinguishes a process from any later one with the same number, even after the machine was restarted. JSON. */
export interface ProcessIdentity {
  readonly bootId: string;
  readonly pid: number;
  /** Clock ticks since the boot, decimal. */
  readonly startTime: string;
}

/**
 * Identifies a process.
 * @returns null if there is no such process, if it has ended, or if the system does not say (only Linux does)
 */
export function identifyProcess(pid: number): ProcessIdentity | null {
  // On other systems `/proc` is an ordinary folder. Its content must not decide which processes are ended.
  if (process.platform !== 'linux') return null;
  const bootId = readText('/proc/sys/kernel/random/boot_id')?.trim();
  const stat = pid > 0 ? readText(`/proc/${pid}/stat`) : null;
  if (bootId === undefined || stat === null) return null;
  const { startTime, hasEnded } = parseProcessStat(stat);
  return startTime === undefined || hasEnded ? null : { bootId, pid, startTime };
}

/** The parts of `/proc/PID/stat` that Sluice uses. */
interface ProcessStat {
  /** Pid of the parent, and number of the process group. */
  readonly parent: number;
  readonly group: number;
  /** Clock ticks since the boot, decimal. */
  readonly startTime: string | undefined;
  readonly hasEnded: boolean;
}

/** Parses `/proc/PID/stat`, see proc_pid_stat(5). */
export function parseProcessStat(stat: string): ProcessStat {
  // The name in parentheses may contain anything, so fields are counted behind it: 3 is the state, 4 the parent, 5 the group, 20 the
  // number of threads, 22 the start.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  const field = (number: number): number => Number(fields[number - 3]);
  // A killed process is also a zombie when its main thread has ended while another thread hangs in a call, which may still
  // complete.
  const hasEnded = state === 'X' || (state === 'Z' && field(20) <= 1);
  return { parent: field(4), group: field(5), startTime: fields[22 - 3], hasEnded };
}

/** Returns whether exactly this process still runs. */
export function isStillRunning(identity: ProcessIdentity): boolean {
  const now = identifyProcess(identity.pid);
  return now !== null && now.bootId === identity.bootId && now.startTime === identity.startTime;
}
