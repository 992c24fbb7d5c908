import { readdir, readFile } from 'node:fs/promises';

/** A process that the program started itself as, reported by its last two arguments: `__child carrier`. */
export interface ChildProcessSeen {
  readonly pid: number;
  readonly kind: string;
}

/** The children of an agent that live now. Format: proc_pid_stat(5). */
export async function childrenOf(agentPid: number): Promise<readonly ChildProcessSeen[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const seen = await Promise.all(pids.map((pid) => statProcess(Number(pid), agentPid)));
  return seen.filter((child) => child !== null);
}

async function statProcess(pid: number, agentPid: number): Promise<ChildProcessSeen | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (parent !== agentPid) return null;
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').filter((word) => word !== '');
    return { pid, kind: words.at(-2) === '__child' ? (words.at(-1) ?? '') : '' };
  } catch {
    // It ended while it was checked.
    return null;
  }
}

/**
 * Whether a process is there and not merely waiting to be collected. One that was killed is a zombie, and still there, as
 * long as a thread of it hangs in a call.
 */
export async function lives(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const threads = Number(fields[16]);
  return stat !== '' && state !== 'X' && (state !== 'Z' || threads > 1);
}
