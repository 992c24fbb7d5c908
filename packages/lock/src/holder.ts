import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import process from 'node:process';
import { errnoOf, isStillRunning, type ProcessIdentity } from '@sluice/platform';

/** Who says that it holds a route. */
export interface Holder {
  readonly pid: number | null;
  readonly stateDir: string | null;
}

/** The processes of a system, as far as it shows them: `/proc`. */
export interface ProcessTable {
  /** @returns the user that a process runs as; null where there is no such process */
  userOf(pid: number): number | null;
  /** @returns whether a process has an abstract socket open; null where this user may not see that */
  holdsSocket(pid: number, name: string): boolean | null;
}

/**
 * Returns whether the holder of a route's abstract socket is a process of root or of this user. Any user can take such a
 * name and answer what it likes, so only what the system says of the process counts.
 *
 * @param name of the socket, without the leading NUL
 * @param roots what root's agent left on record of this route; null: nothing
 */
export function isTrusted({ pid }: Holder, name: string, roots: ProcessIdentity | null, table: ProcessTable = linuxProcesses): boolean {
  if (pid === null) return false;
  const userId = table.userOf(pid);
  if (userId === null || (userId !== 0 && userId !== process.geteuid?.())) return false;
  const holds = table.holdsSocket(pid, name);
  if (holds !== null) return holds;
  return userId === 0 && roots?.pid === pid && isStillRunning(roots);
}

export const linuxProcesses: ProcessTable = {
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
    } catch (error) {
      return errnoOf(error) === 'EACCES' || errnoOf(error) === 'EPERM' ? null : false;
    }
  },
};

/** @returns the link texts of the sockets with this name: `socket:[12345]`. Source: proc_net_unix(5), `@` is the leading NUL */
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
