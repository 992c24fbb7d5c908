import { closeSync, constants, fchmodSync, fchownSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { errnoOf, UnexpectedFile } from '@sluice/platform';
import { type AgentFacts, agentLockPath, formatFacts, readAgentFacts, readFactsFrom } from './facts.ts';

/**
 * What members of `socket_group` may know of the agent. A file next to `agent.lock`: a user who may read a locked file may
 * lock it too, and keep the next agent from starting.
 */
function groupFactsPath(stateDir: string): string {
  return path.join(stateDir, 'agent.json');
}

/** Replaces what the group reads. @throws the error of the file system */
export function writeGroupFacts(stateDir: string, facts: AgentFacts, groupId: number): void {
  const file = groupFactsPath(stateDir);
  const aside = `${file}.${process.pid}`;
  rmSync(aside, { force: true });
  const descriptor = openSync(aside, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    writeSync(descriptor, formatFacts(facts));
    fchownSync(descriptor, -1, groupId);
    fchmodSync(descriptor, 0o640);
  } finally {
    closeSync(descriptor);
  }
  renameSync(aside, file);
}

/** Takes it back, also what a crashed agent left. */
export function removeGroupFacts(stateDir: string): void {
  rmSync(groupFactsPath(stateDir), { force: true });
}

/**
 * Returns what the agent of a state folder said of itself, to its own user and to the group. It may have died since.
 *
 * @returns null where nobody said anything
 * @throws the error of the file system, where this user may read neither
 */
export function agentFactsOf(stateDir: string): AgentFacts | null {
  try {
    return readAgentFacts(agentLockPath(stateDir));
  } catch (error) {
    const code = errnoOf(error);
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    return groupFacts(stateDir, error);
  }
}

function groupFacts(stateDir: string, refusal: unknown): AgentFacts | null {
  try {
    return readFactsFrom(groupFactsPath(stateDir));
  } catch (error) {
    if (error instanceof UnexpectedFile) return null;
    throw refusal;
  }
}
