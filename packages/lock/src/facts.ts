import { statSync } from 'node:fs';
import path from 'node:path';
import { errnoOf, readBeginning, UnexpectedFile } from '@sluice/platform';
import { limits } from './limits.ts';

/** What a running agent says of itself in `agent.lock`. */
export interface AgentFacts {
  readonly pid: number;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly version: string;
  /** Of the control socket; null before it is bound. */
  readonly socketPath: string | null;
}

/** @returns the lock file of a state folder */
export function agentLockPath(stateDir: string): string {
  return path.join(stateDir, 'agent.lock');
}

/** One row of SQLite is one run of bytes while it fits a page; these find it without SQLite. */
const opening = 'sluice-agent:';
const closing = ':sluice-agent';

/**
 * Locks of this very process: closing ANY descriptor of a file drops its POSIX locks, so a process must not open what it
 * has locked (https://www.sqlite.org/howtocorrupt.html, 2.2).
 */
const locksOfThisProcess = new Map<string, AgentFacts | null>();

/** @internal for lock.ts: `undefined` where it is given back */
export function noteLock(file: string, facts: AgentFacts | null | undefined): void {
  const key = identity(file);
  if (key === null) return;
  if (facts === undefined) locksOfThisProcess.delete(key);
  else locksOfThisProcess.set(key, facts);
}

/** @internal */
export function formatFacts(facts: AgentFacts): string {
  return opening + JSON.stringify(facts) + closing;
}

/**
 * Reads what the agent on this lock file said of itself. It may have died since: only its socket shows that.
 *
 * @returns null where nobody said anything
 * @throws the error of the file system, other than that there is no such file
 */
export function readAgentFacts(file: string): AgentFacts | null {
  const own = locksOfThisProcess.get(identity(file) ?? '');
  if (own !== undefined) return own;
  try {
    return readFactsFrom(file);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || error instanceof UnexpectedFile) return null;
    throw error;
  }
}

/**
 * Reads facts from a file that this process has not locked. Never waits, whatever has this name.
 *
 * @internal
 * @throws UnexpectedFile, or the error of the file system
 */
export function readFactsFrom(file: string): AgentFacts | null {
  const text = readBeginning(file, limits.factsBytes, 'direct').toString('utf8');
  const start = text.indexOf(opening);
  const end = text.indexOf(closing, start);
  return start === -1 || end === -1 ? null : parseFacts(text.slice(start + opening.length, end));
}

function identity(file: string): string | null {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
}

function parseFacts(json: string): AgentFacts | null {
  try {
    const { pid, startedAt, version, socketPath } = JSON.parse(json) as Record<string, unknown>;
    if (!Number.isSafeInteger(pid) || typeof startedAt !== 'string' || typeof version !== 'string') return null;
    return { pid: pid as number, startedAt, version, socketPath: typeof socketPath === 'string' ? socketPath : null };
  } catch {
    return null;
  }
}
