import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { runProcess } from '../run-process.ts';
import { assertIntegrity, expectedIntegrity } from './integrity.ts';
import type { BasePackage } from './targets.ts';

const root = join(import.meta.dirname, '../..');
const timeoutMs = 300_000;

/**
 * The official Node binary of a package: the installed one, which npm has checked against the lock file, else one that is
 * fetched by npm, checked here, and kept for the next time.
 *
 * @param keep the folder of what was fetched before
 * @returns the path of the binary
 * @throws Error where it cannot be had, or is not what the lock file says
 */
export async function baseBinary(of: BasePackage, keep: string): Promise<string> {
  expectedIntegrity(of);
  const folder = join(root, 'node_modules', of.name);
  if (installedVersion(folder) === of.version) return binaryIn(folder);
  mkdirSync(keep, { recursive: true });
  const tarball = join(keep, `${of.name}-${of.version}.tgz`);
  if (!existsSync(tarball)) await fetchTarball(of, tarball, keep);
  assertIntegrity(of, tarball);
  const unpacked = join(keep, `${of.name}-${of.version}`);
  // Anew every time: only the tarball can be checked.
  rmSync(unpacked, { recursive: true, force: true });
  mkdirSync(unpacked);
  await run('tar', ['-xzf', tarball, '-C', unpacked, 'package/bin'], keep);
  return binaryIn(join(unpacked, 'package'));
}

function installedVersion(folder: string): string | null {
  const file = join(folder, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version : null;
}

function binaryIn(folder: string): string {
  const found = ['node', 'node.exe'].map((name) => join(folder, 'bin', name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`there is no Node in ${folder}`);
  return found;
}

async function fetchTarball({ name, version }: BasePackage, tarball: string, keep: string): Promise<void> {
  const folder = mkdtempSync(join(keep, 'fetch-'));
  try {
    const npm = env['npm_execpath'];
    const [command, args] = npm === undefined ? ['npm', []] : [execPath, [npm]];
    await run(command, [...args, 'pack', `${name}@${version}`, '--pack-destination', folder, '--ignore-scripts'], folder);
    const [packed = ''] = readdirSync(folder).filter((each) => each.endsWith('.tgz'));
    renameSync(join(folder, packed), tarball);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  const { code, output } = await runProcess(command, args, { cwd, timeoutMs });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${output.trim()}`);
}
