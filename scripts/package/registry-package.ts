import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process, { env, execPath } from 'node:process';
import { runProcess } from '../run-process.ts';
import { assertIntegrity, expectedIntegrity, type RegistryPackage } from './integrity.ts';

const root = join(import.meta.dirname, '../..');
const timeoutMs = 300_000;

/**
 * Returns the folder of a package: the installed one, which npm has checked against the lock file, else one that npm downloads,
 * that is checked here and kept.
 * @param keep the folder of earlier downloads
 * @param members the paths below `package` that are needed; null: all
 * @throws Error if it is not available, or differs from the lock file
 */
export async function packageFolder(of: RegistryPackage, keep: string, members: readonly string[] | null = null): Promise<string> {
  expectedIntegrity(of);
  const installed = join(root, 'node_modules', of.name);
  if (installedVersion(installed) === of.version) return installed;
  const key = JSON.stringify([of, keep, members]);
  const unpacking = unpacked.get(key) ?? unpack(of, keep, members);
  unpacked.set(key, unpacking);
  return await unpacking;
}

/** The packages that this process has unpacked. */
const unpacked = new Map<string, Promise<string>>();

/** Every process unpacks again: only the tarball can be checked, and another process may be using what it unpacked. */
async function unpack(of: RegistryPackage, keep: string, members: readonly string[] | null): Promise<string> {
  mkdirSync(keep, { recursive: true });
  const flat = `${of.name.replace('@', '').replace('/', '-')}-${of.version}`;
  const tarball = join(keep, `${flat}.tgz`);
  if (!existsSync(tarball)) await fetchTarball(of, tarball, keep);
  assertIntegrity(of, tarball);
  const folder = mkdtempSync(join(keep, `${flat}-`));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const wanted = members === null ? ['package'] : members.map((member) => `package/${member}`);
  await run('tar', ['-xzf', tarball, '-C', folder, ...wanted], keep);
  return join(folder, 'package');
}

function installedVersion(folder: string): string | null {
  const file = join(folder, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version : null;
}

async function fetchTarball({ name, version }: RegistryPackage, tarball: string, keep: string): Promise<void> {
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
