import { statSync } from 'node:fs';
import path from 'node:path';
import { errnoOf, readBeginning, UnexpectedFile } from '@sluice/platform';
import { limits } from './limits.ts';

/** What a running agent says about itself in `agent.lock`. */
export interface AgentFacts {
  readonly pid: number;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly version: string;
  /** The path of the control socket. Null: it does not listen yet. */
  readonly socketPath: string | null;
}

/** Returns the path of the lock file of a state folder. */
export function agentLockPath(stateDir: string): string {
  return path.join(stateDir, 'agent.lock');
}

/** SQLite stores a row that fits a page as contiguous bytes. These marks find it without SQLite. */
const opening = 'sluice-agent:';
const closing = ':sluice-agent';

/**
 * The locks of this process. Closing ANY descriptor of a file drops its POSIX locks, so a process must not open a file that it has
 * locked (https://www.sqlite.org/howtocorrupt.html, 2.2).
 */
const locksOfThisProcess = new Map<string, AgentFacts | null>();

/** Notes a lock of this process. @internal for the lock of the file; `undefined`: it was released */
export function noteLock(file: string, facts: AgentFacts | null | undefined): void {
  const key = identity(file);
  if (key === null) return;
  if (facts === undefined) locksOfThisProcess.delete(key);
  else locksOfThisProcess.set(key, facts);
}

/** Returns the text of the row. @internal */
export function formatFacts(facts: AgentFacts): string {
  return opening + JSON.stringify(facts) + closing;
}

/**
 * Reads what the agent on this lock file said about itself. It may have ended since; only its socket shows that.
 * @returns null if there is no record
 * @throws the error of the filesystem, unless the file does not exist
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
 * Reads facts from a file that this process has not locked. Never waits, whatever kind of file has this name.
 * @internal
 * @throws UnexpectedFile, or the error of the filesystem
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
