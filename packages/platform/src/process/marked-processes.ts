import { readdirSync, readFileSync, statSync } from 'node:fs';
import process from 'node:process';
import { readText } from '../system-calls.ts';
import { type ProcessIdentity, parseProcessStat } from './process-identity.ts';

/** The processes that inherited a variable of the environment. */
export interface Mark {
  /** Name of the variable. */
  readonly variable: string;
  /** A value that nothing else has, such as a UUID. */
  readonly value: string;
  /** The start of the first of them: clock ticks since the boot, decimal. */
  readonly notBefore: string;
  /** Only those of this process group. Null: of every group. */
  readonly group: number | null;
  /** The process that gets the children of the first of them when it ends. Null: not known. */
  readonly heir: number | null;
}

interface Seen {
  readonly identity: ProcessIdentity;
  readonly parent: number;
  readonly group: number;
}

/**
 * Returns the running processes of this user that started with a mark and descend from `agent`: their parent is one of them, or
 * `agent`, or a process to which the system gives one whose parent has ended: an ancestor of `agent`, or the heir. A process that
 * another service started with a copied environment, as `at` does, has another parent and is not one of them.
 *
 * Reading the environment of a process can hang while that process hangs in a page fault. So call it in a process of which nothing
 * else is expected. Only Linux has this; elsewhere it returns none.
 */
export function markedProcesses({ variable, value, notBefore, group, heir }: Mark, agent: number): readonly ProcessIdentity[] {
  if (process.platform !== 'linux') return [];
  const all = listProcesses();
  const entry = `\0${variable}=${value}\0`;
  const marked = new Map<number, Seen>();
  for (const [pid, seen] of all) {
    if (pid === process.pid || Number(seen.identity.startTime) < Number(notBefore)) continue;
    if (isOwn(pid) && hasEntry(pid, entry)) marked.set(pid, seen);
  }
  const above = ancestors(agent, all);
  const isMeant = ({ parent }: Seen): boolean => {
    const known = marked.get(parent);
    return known === undefined ? above.has(parent) || parent === heir : isMeant(known);
  };
  return [...marked.values()].filter((seen) => (group === null || seen.group === group) && isMeant(seen)).map(({ identity }) => identity);
}

/** Returns the parent of a process. Null: there is no such process, or the system does not say. */
export function parentOf(pid: number): number | null {
  const stat = process.platform === 'linux' ? readText(`/proc/${pid}/stat`) : null;
  return stat === null ? null : parseProcessStat(stat).parent;
}

function listProcesses(): ReadonlyMap<number, Seen> {
  const bootId = readText('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
  const all = new Map<number, Seen>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isSafeInteger(pid) ? readText(`/proc/${pid}/stat`) : null;
    if (stat === null) continue;
    const { startTime, parent, group, hasEnded } = parseProcessStat(stat);
    if (startTime !== undefined && !hasEnded) all.set(pid, { identity: { bootId, pid, startTime }, parent, group });
  }
  return all;
}

/** Returns a process and all those above it. 0 is above the first process of a namespace. */
function ancestors(pid: number, all: ReadonlyMap<number, Seen>): ReadonlySet<number> {
  const above = new Set<number>([1]);
  for (let next: number | undefined = pid; next !== undefined && next > 0 && !above.has(next); next = all.get(next)?.parent)
    above.add(next);
  return above;
}

function isOwn(pid: number): boolean {
  try {
    return statSync(`/proc/${pid}`).uid === process.getuid?.();
  } catch {
    return false;
  }
}

function hasEntry(pid: number, entry: string): boolean {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`.includes(entry);
  } catch {
    // It has ended, or does not let itself be read.
    return false;
  }
}
