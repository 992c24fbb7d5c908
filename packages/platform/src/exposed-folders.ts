import { lstatSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { readText } from './system-calls.ts';
import { userNameOf } from './users.ts';

/** A folder whose entries other users may replace. */
export interface ExposedFolder {
  /** Absolute path of the folder. */
  readonly folder: string;
  /** What allows it, and how to change that. */
  readonly why: string;
}

/** The user of this process, and what the system knows about users. A test passes its own. */
export interface Trust {
  readonly userId: number;
  /** The text of `/etc/group`, and in `users` that of `/etc/passwd`. */
  readonly groups: string;
  readonly users: string;
  /** The text of `/proc/self/uid_map`: the users that this process can be, and that the owner of a file can be shown as. */
  readonly userMap: string;
}

const othersMayWrite = 0o002;
const groupMayWrite = 0o020;
const sticky = 0o1000;
/** Groups whose members are administrators: root's, and `admin` on macOS. */
const trustedGroups: readonly number[] = process.platform === 'darwin' ? [0, 80] : [0];
/** The owner that Linux shows for a file whose owner does not exist in this container. */
const overflowUser = 65_534;

/**
 * Finds the folders above a folder in which other users may rename it and put another one in its place. The folder itself is not
 * checked. In a folder with the sticky bit, such as `/tmp`, only the owner of an entry may rename it.
 * @returns an empty list on Windows
 */
export function exposedAbove(folder: string, trust: Trust | null = trustHere()): readonly ExposedFolder[] {
  if (trust === null) return [];
  const seen = new Map<string, ExposedFolder>();
  for (const start of startsOf(folder)) {
    for (let above = path.dirname(start), last = start; above !== last; last = above, above = path.dirname(above)) {
      const why = exposure(above, trust);
      if (why !== null) seen.set(above, { folder: above, why });
    }
  }
  return [...seen.values()];
}

/** The path as given, and the path that its links lead to: a link on the way can be replaced in the folder that holds it. */
function startsOf(folder: string): readonly string[] {
  const given = path.resolve(folder);
  try {
    return [given, realpathSync(given)];
  } catch {
    return [given];
  }
}

function trustHere(): Trust | null {
  const userId = process.geteuid?.();
  if (userId === undefined) return null;
  const [groups, users, userMap] = ['/etc/group', '/etc/passwd', '/proc/self/uid_map'].map((file) => readText(file) ?? '');
  return { userId, groups: groups ?? '', users: users ?? '', userMap: userMap ?? '' };
}

function exposure(folder: string, trust: Trust): string | null {
  try {
    // The owner of a link decides where it leads. The owner of a folder decides what is in it.
    for (const { uid } of [lstatSync(folder), statSync(folder)]) {
      if (!isTrustedOwner(uid, trust))
        return `it belongs to ${userNameOf(uid)}; use a folder below one that belongs to root or to this user`;
    }
    const { mode, gid } = statSync(folder);
    if ((mode & sticky) !== 0) return null;
    if ((mode & othersMayWrite) !== 0) return 'every user may write to it; run chmod o-w or chmod +t on it';
    if ((mode & groupMayWrite) !== 0 && !isTrustedGroup(gid, trust)) return `group ${gid} may write to it; run chmod g-w or chmod +t on it`;
    return null;
  } catch {
    return null;
  }
}

function isTrustedOwner(uid: number, { userId, userMap }: Trust): boolean {
  if (uid === 0 || uid === userId) return true;
  return uid === overflowUser && userMap !== '' && !/^\s*0\s+0\s+4294967295\s*$/.test(userMap);
}

/** Returns whether a group is root's, or the user's private one with no other member in the files of the system. */
function isTrustedGroup(gid: number, { userId, groups, users }: Trust): boolean {
  if (trustedGroups.includes(gid)) return true;
  const people = users.split('\n').map((line) => line.split(':'));
  const own = people.find(([, , uid]) => uid === String(userId));
  const group = groups
    .split('\n')
    .map((line) => line.split(':'))
    .find(([, , id]) => id === String(gid));
  if (own === undefined || group === undefined) return false;
  const members = (group[3] ?? '').split(',').filter((name) => name !== '' && name !== 'root' && name !== own[0]);
  const ofGroup = people.filter(([, , uid, id]) => id === String(gid) && uid !== '0' && uid !== String(userId));
  return members.length === 0 && ofGroup.length === 0;
}
