import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { pause, until } from './wait.ts';

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

/** Returns the regular files below this folder that a process has open and that still have a name. Format: proc_pid_fd(5). */
export function openFiles(pid: number, folder: string): readonly string[] {
  const descriptors = `/proc/${pid}/fd`;
  return readdirSync(descriptors).flatMap((descriptor) => {
    try {
      const path = readlinkSync(join(descriptors, descriptor));
      const isOpen = path.startsWith(`${folder}/`) && !path.endsWith(' (deleted)') && statSync(join(descriptors, descriptor)).isFile();
      return isOpen ? [path] : [];
    } catch {
      // It was closed during the check.
      return [];
    }
  });
}

/** Kills a carrier that has a file below this destination open. It is stopped first, so that its copies cannot end meanwhile. */
export async function killWhileCopying(pid: number, destination: string): Promise<void> {
  await until(async () => {
    process.kill(pid, 'SIGSTOP');
    const isCopying = openFiles(pid, destination).length > 0;
    process.kill(pid, isCopying ? 'SIGKILL' : 'SIGCONT');
    if (!isCopying) await pause(5);
    return isCopying;
  }, 30_000);
  await until(async () => !(await lives(pid)), 10_000);
}
