import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import process from 'node:process';
import type { ProcessIdentity } from '@sluice/platform';

/** A process that says that it holds a route. */
export interface Holder {
  readonly pid: number | null;
  readonly stateDir: string | null;
}

/** The processes of a system, as far as `/proc` shows them. */
export interface ProcessTable {
  /** The user of this process. Null: users have no numbers on this system. */
  readonly userId: number | null;
  /** @returns the user that a process runs as; null if there is no such process */
  userOf(pid: number): number | null;
  /** @returns whether a process of this user has an abstract socket open */
  holdsSocket(pid: number, name: string): boolean;
}

/**
 * Returns whether the holder of a route's abstract socket is an agent of root or a process of this user. Any user can take such a
 * name and answer anything, so only the system's information about the process counts. For a process of root not even an open
 * socket proves anything: any user can start a setuid program, such as `su`, with it. Root's agent leaves a record instead.
 * @param name of the socket, without the leading NUL
 * @param roots the living process that root's agent recorded for this route; null: none
 */
export function isTrusted({ pid }: Holder, name: string, roots: ProcessIdentity | null, table: ProcessTable = linuxProcesses): boolean {
  if (pid === null) return false;
  const userId = table.userOf(pid);
  if (userId === 0) return roots?.pid === pid;
  return userId !== null && userId === table.userId && table.holdsSocket(pid, name);
}

/** The processes of this Linux. */
export const linuxProcesses: ProcessTable = {
  userId: process.geteuid?.() ?? null,
  userOf(pid) {
    try {
      return statSync(`/proc/${pid}`).uid;
    } catch {
      return null;
    }
  },
  holdsSocket(pid, name) {
    const inodes = socketInodes(name);
    try {
      return readdirSync(`/proc/${pid}/fd`).some((descriptor) => inodes.has(linkOf(`/proc/${pid}/fd/${descriptor}`)));
    } catch {
      return false;
    }
  },
};

/** @returns the link texts of the sockets with this name: `socket:[12345]`. Source: proc_net_unix(5), where `@` is the leading NUL */
function socketInodes(name: string): ReadonlySet<string> {
  const lines = readFileSync('/proc/net/unix', 'utf8').split('\n');
  const fields = lines.map((line) => line.trim().split(/\s+/));
  return new Set(fields.filter((each) => each[7] === `@${name}`).map((each) => `socket:[${each[6]}]`));
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
