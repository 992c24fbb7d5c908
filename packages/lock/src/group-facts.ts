import { closeSync, constants, fchmodSync, fchownSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { errnoOf, UnexpectedFile } from '@sluice/platform';
import { type AgentFacts, agentLockPath, formatFacts, readAgentFacts, readFactsFrom } from './facts.ts';

/**
 * What members of `socket_group` may know about the agent. A separate file: a user who may read `agent.lock` could lock it too,
 * and keep the next agent from starting.
 */
function groupFactsPath(stateDir: string): string {
  return path.join(stateDir, 'agent.json');
}

/** Replaces what the group can read. @throws the error of the filesystem */
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

/** Removes the file, including one that a crashed agent left behind. */
export function removeGroupFacts(stateDir: string): void {
  rmSync(groupFactsPath(stateDir), { force: true });
}

/**
 * Returns what the agent of a state folder said about itself, for its own user and for the group. It may have ended since.
 * @returns null if there is no record
 * @throws the error of the filesystem, if this user may read neither file
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
