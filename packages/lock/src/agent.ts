import process from 'node:process';
import { UnexpectedFile } from '@sluice/platform';
import { AlreadyRunning, StateFolderError } from './error.ts';
import { type AgentFacts, agentLockPath, readAgentFacts } from './facts.ts';
import { type LockFileOptions, lockFile } from './file.ts';
import { removeGroupFacts, writeGroupFacts } from './group-facts.ts';
import { prepareStateFolder } from './state-folder.ts';

/** The input for the lock of a state folder. */
export interface AgentLockInput extends LockFileOptions {
  /** Created with mode 0700 if it is missing. */
  readonly stateDir: string;
  readonly version: string;
  /** RFC 3339. */
  readonly startedAt: string;
  /** The group whose members may know about the agent. Null: no other user. */
  readonly groupId?: number | null;
}

/** The lock of a state folder. Only one agent can hold it. */
export interface AgentLock {
  readonly facts: () => AgentFacts;
  /** Records for clients where the control socket is. */
  nameSocket(socketPath: string): void;
  /** Releases the lock. Idempotent; a crash has the same effect. */
  release(): void;
}

/**
 * Locks the state folder for this agent, and creates it if it is missing.
 * @throws AlreadyRunning if another agent has it
 * @throws StateFolderError if the folder cannot be used
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
