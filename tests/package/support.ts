import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { makeExecutable } from '../../scripts/package/make-executable.ts';
import { executables } from '../../scripts/test/executables.ts';

const root = join(import.meta.dirname, '../..');
const built = new Map<string, Promise<string>>();

/** Returns the executable for this machine. */
export function executable(): Promise<string> {
  return builtOnce(executables.here);
}

/** Returns the executable that the runner has built for this run, or else one that the first call builds. @returns its path */
export function builtOnce({ variable, target, dist }: (typeof executables)[keyof typeof executables]): Promise<string> {
  const path = env[variable];
  if (path !== undefined) return Promise.resolve(path);
  const made = built.get(variable) ?? makeExecutable(target(), dist, () => {});
  built.set(variable, made);
  return made;
}

/** Shares what takes minutes to compile with an executable that is made in another folder. @param dist that folder */
export async function shareCompiled(dist: string): Promise<void> {
  await executable();
  const [from, to] = [join(root, 'dist/cache'), join(dist, 'cache')];
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from))
    if (/^(?:sqlite|service-host)-/.test(name) && !name.endsWith('.work')) copyFileSync(join(from, name), join(to, name));
}

/** How a program ended, with its output. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program with only the given environment. */
export async function runBare(
  command: string,
  args: readonly string[],
  how: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly uid?: number; readonly gid?: number },
): Promise<Ran> {
  const child = spawn(command, args, { ...how, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
}
