import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * Returns the files of the tree that git does not ignore, relative to its root, with `/`. In a copy of the tree, which has no
 * `.git`: all files outside node_modules.
 */
export function listedFiles(): readonly string[] {
  if (!existsSync('.git')) return walk('.').map((path) => relative('.', path).replaceAll('\\', '/'));
  const output = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], { encoding: 'utf8' });
  return output.split('\0').filter((path) => path !== '' && isFile(path));
}

function walk(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .flatMap((entry) => (entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]));
}

/** A file that was deleted and not yet committed is still listed by git. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
