import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { assertOwnFile, UnexpectedFile } from '@sluice/platform';

/** The files, folders and sockets that Sluice creates. `service.xml` is the task of a Windows user. */
const files = /^(?:journal\.db.*|agent\.(?:lock|json).*|sluice\.log.*|machine.*|service\.xml)$/;
const folders = /^(?:native|backups?)$/;
const sockets = /^(?:agent|owner)\.sock.*$/;

/** Returns the first entry of a state folder that Sluice does not create there, or undefined. */
export function foreignIn(stateDir: string): string | undefined {
  return foreignAmong(readdirSync(stateDir));
}

/** Returns the first of these names that nothing in a state folder has, or undefined. */
export function foreignAmong(names: readonly string[]): string | undefined {
  return names.find((name) => !files.test(name) && !folders.test(name) && !sockets.test(name));
}

/**
 * Checks that everything with a name of Sluice in a state folder is this user's own: a file with one name, a folder that nobody
 * else may write to, a socket. It opens nothing, so it follows no link and never waits.
 * @throws UnexpectedFile
 */
export function assertOwnEntries(stateDir: string): void {
  for (const entry of readdirSync(stateDir)) {
    const file = path.join(stateDir, entry);
    if (files.test(entry)) assertOwnFile(file);
    else if (folders.test(entry)) assertOwnFolder(file);
    else if (sockets.test(entry)) assertOwnSocket(file);
  }
}

function assertOwnFolder(folder: string): void {
  const stats = lstatSync(folder);
  if (!stats.isDirectory()) throw new UnexpectedFile(folder, 'is not a folder');
  if (process.platform === 'win32') return;
  if (stats.uid !== process.geteuid?.()) throw new UnexpectedFile(folder, `belongs to user ${stats.uid}`);
  if ((stats.mode & 0o022) !== 0) throw new UnexpectedFile(folder, 'may be written to by other users');
}

function assertOwnSocket(socket: string): void {
  const stats = lstatSync(socket);
  if (!stats.isSocket() && !stats.isFile()) throw new UnexpectedFile(socket, 'is neither a socket nor a file');
}
