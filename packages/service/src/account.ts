import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { foreignAmong } from '@sluice/lock';
import { UnexpectedFile } from '@sluice/platform';
import { CommandError, exitCode } from '@sluice/words';
import { giveFolder } from './give-folder.ts';
import { runStep } from './steps.ts';

/** A user of this machine and its group, as numbers. */
export interface Account {
  readonly name: string;
  readonly userId: number;
  readonly groupId: number;
}

/** Returns the user that a service runs as, and creates it if it does not exist. Linux only. @throws CommandError */
export function makeAccount(name: string): Account {
  const known = accountOf(name);
  if (known !== null) return known;
  runStep({
    argv: ['useradd', '--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin', name],
    what: `make the user ${name}`,
  });
  const made = accountOf(name);
  if (made === null) throw new CommandError(`cannot make the user ${name}: it is still not there`, exitCode.notAsAsked);
  return made;
}

/** Returns a user of this machine, or null if there is none of this name. */
export function accountOf(name: string): Account | null {
  const [userId, groupId] = [idOf('-u', name), idOf('-g', name)];
  return userId === null || groupId === null ? null : { name, userId: Number(userId), groupId: Number(groupId) };
}

/** Returns the name of the primary group of a user, or null if there is no such user or the group has no name. */
export function ownGroupOf(name: string): string | null {
  return idOf('-gn', name);
}

/** Returns the names of all groups of a user; empty if there is no such user. */
export function groupsOf(name: string): readonly string[] {
  return idOf('-Gn', name)?.split(' ') ?? [];
}

/** Returns what id(1) says about a user, or null if there is no such user. */
function idOf(flag: string, name: string): string | null {
  const { status, stdout } = spawnSync('id', [flag, '--', name], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

const privateMode = 0o700;

/**
 * Gives the state folder to the service, with the files that an agent of another user left there. Does not follow links.
 * @throws CommandError if it contains something that Sluice did not create, a link, or a file with several names
 */
export function giveStateFolder(stateDir: string, { name, userId, groupId }: Account): void {
  mkdirSync(stateDir, { recursive: true, mode: privateMode });
  if (statSync(stateDir).uid === userId) return;
  try {
    giveFolder(stateDir, { userId, groupId }, foreignAmong);
  } catch (error) {
    if (!(error instanceof UnexpectedFile)) throw error;
    const advice = `move it away, or give the folder to ${name} yourself, or name another one with state_dir`;
    throw new CommandError(`cannot give ${stateDir} to ${name}: ${error.message}: ${advice}`, exitCode.badUsage);
  }
}
