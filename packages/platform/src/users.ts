import { spawnSync } from 'node:child_process';
import { limits } from './limits.ts';
import { readText } from './system-calls.ts';

/**
 * Returns the number of a group from `/etc/group`, or else from the name service (LDAP, for example). Node has no such call.
 * @returns null if there is no such group
 */
export function groupIdOf(name: string): number | null {
  return idIn(readText('/etc/group') ?? '', name) ?? idIn(askNameService('group', name), name);
}

/** Returns the name of a user, or `uid 1000` for a user without one. */
export function userNameOf(userId: number): string {
  const lines = `${readText('/etc/passwd') ?? ''}\n`.split('\n');
  const line = lines.find((candidate) => candidate.split(':')[2] === String(userId));
  return line?.split(':')[0] || `uid ${userId}`;
}

function idIn(table: string, name: string): number | null {
  const fields = table.split('\n').map((line) => line.split(':'));
  const id = fields.find(([candidate]) => candidate === name)?.[2];
  return id !== undefined && /^\d+$/.test(id) ? Number(id) : null;
}

function askNameService(table: string, name: string): string {
  const { stdout, status } = spawnSync('getent', [table, '--', name], {
    encoding: 'utf8',
    timeout: limits.nameServiceDeadlineMs,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout : '';
}
