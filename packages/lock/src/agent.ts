import process from 'node:process';
import { UnexpectedFile } from '@sluice/platform';
import { AlreadyRunning, StateFolderError } from './error.ts';
import { type AgentFacts, agentLockPath, readAgentFacts } from './facts.ts';
import { type LockFileOptions, lockFile } from './file.ts';
import { removeGroupFacts, writeGroupFacts } from './group-facts.ts';
import { prepareStateFolder } from './state-folder.ts';

export interface AgentLockInput extends LockFileOptions {
  /** Made with mode 0700 where it is missing. */
  readonly stateDir: string;
  readonly version: string;
  /** RFC 3339. */
  readonly startedAt: string;
  /** Members of this group may know of the agent; null: nobody else. */
  readonly groupId?: number | null;
}

/** One agent per state folder. */
export interface AgentLock {
  readonly facts: () => AgentFacts;
  /** Tells clients where the control socket is. */
  nameSocket(socketPath: string): void;
  /** Idempotent; a crash does the same. */
  release(): void;
}

/**
 * Takes the state folder for this agent, making it where it is missing.
 *
 * @throws AlreadyRunning where another agent has it
 * @throws StateFolderError where the folder cannot be used
 */
export function acquireAgentLock(input: AgentLockInput): AgentLock {
  prepareStateFolder(input.stateDir, input.groupId ?? null);
  const file = agentLockPath(input.stateDir);
  let facts: AgentFacts = { pid: process.pid, startedAt: input.startedAt, version: input.version, socketPath: null };
  const lock = lockOrExplain(input, file, facts);
  if (lock === null) throw new AlreadyRunning(input.stateDir, readAgentFacts(file)?.pid ?? null);
  const groupId = input.groupId ?? null;
  removeGroupFacts(input.stateDir);
  return {
    facts: () => facts,
    nameSocket: (socketPath) => {
      facts = { ...facts, socketPath };
      lock.write(facts);
      if (groupId !== null) writeGroupFacts(input.stateDir, facts, groupId);
    },
    release: () => {
      if (groupId !== null) removeGroupFacts(input.stateDir);
      lock.release();
    },
  };
}

function lockOrExplain(input: AgentLockInput, file: string, facts: AgentFacts) {
  try {
    return lockFile(file, facts, input);
  } catch (error) {
    if (error instanceof UnexpectedFile) throw new StateFolderError(input.stateDir, `${error.message}: move it away`, error);
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!code.startsWith('SQLITE_')) throw error;
    throw new StateFolderError(
      input.stateDir,
      `agent.lock cannot be locked there (${code}); is the folder on a local, writable disk?`,
      error,
    );
  }
}
