import { spawnSync } from 'node:child_process';
import { limits } from './limits.ts';
import { readText } from './system-calls.ts';

/**
 * Node cannot look up a group: `/etc/group`, else what the name service says (LDAP and the like).
 *
 * @returns its number, or null where there is no such group
 */
export function groupIdOf(name: string): number | null {
  return idIn(readText('/etc/group') ?? '', name) ?? idIn(askNameService('group', name), name);
}

/** @returns the name of a user, or `uid 1000` */
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
