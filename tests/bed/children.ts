import { readdir, readFile } from 'node:fs/promises';

/** A child process of the program, by its last two arguments: `__child carrier`. */
export interface ChildProcessSeen {
  readonly pid: number;
  readonly kind: string;
}

/** Returns the living children of an agent. Format: proc_pid_stat(5). */
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
    // It ended during the check.
    return null;
  }
}

/**
 * Returns whether a process has not ended yet. A killed process is a zombie, and has not ended, as long as one of its threads
 * hangs in a call.
 */
export async function lives(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const threads = Number(fields[16]);
  return stat !== '' && state !== 'X' && (state !== 'Z' || threads > 1);
}
