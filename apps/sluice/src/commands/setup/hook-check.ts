import { constants } from 'node:fs';
import { access, type FileHandle, open, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import type { Config } from '@sluice/config';
import { closeQuietly, errnoOf } from '@sluice/platform';
import { limits } from '../../limits.ts';

/** Where the program of a hook is searched, and as which user. */
export interface HookSystem {
  readonly platform: NodeJS.Platform;
  /** As in the environment. */
  readonly path: string;
  readonly folder: string;
}

/** Returns the reasons why this user cannot run the configured hooks, one sentence each. */
export async function hookProblems({ agent, routes }: Pick<Config, 'agent' | 'routes'>): Promise<readonly string[]> {
  const hooks: readonly (readonly [string, readonly string[]])[] = [
    ['on_attention', agent.onAttention],
    ['on_done', agent.onDone],
    ...routes.map(({ name, beforeProbe }) => [`before_probe of route ${name}`, beforeProbe] as const),
  ];
  const problems = await Promise.all(hooks.map(([hook, words]) => hookProblem(hook, words)));
  return problems.filter((problem) => problem !== null);
}

/**
 * Returns why this user cannot run a hook, or null. The program is searched for as the system does it at the start.
 * @param hook the name of the hook, with which the sentence begins
 */
export async function hookProblem(hook: string, words: readonly string[], system: HookSystem = thisSystem()): Promise<string | null> {
  const [program] = words;
  if (program === undefined) return null;
  const silent = setTimeout(limits.hookProbeMs, `${program} does not answer; is it on a share that hangs?`, { ref: false });
  const problem = await Promise.race([problemOf(program, system), silent]);
  return problem === null ? null : `${hook}: ${problem}`;
}

function thisSystem(): HookSystem {
  return { platform: process.platform, path: process.env['PATH'] ?? '', folder: process.cwd() };
}

async function problemOf(program: string, system: HookSystem): Promise<string | null> {
  let refused: string | null = null;
  for (const file of placesOf(program, system)) {
    const found = await problemOfFile(file);
    if (found === null) return null;
    if (found !== 'missing') refused ??= `${file} cannot be run: ${found}`;
  }
  if (refused !== null) return refused;
  const where = isPath(program, system) ? 'there is no such file' : 'it is in no folder of PATH';
  return `${program} cannot be run: ${where}; give the absolute path of an installed program`;
}

function isPath(program: string, { platform }: HookSystem): boolean {
  return program.includes('/') || (platform === 'win32' && program.includes('\\'));
}

function placesOf(program: string, system: HookSystem): readonly string[] {
  const { platform, path, folder } = system;
  const folders = isPath(program, system) ? [folder] : path.split(delimiter).map((each) => (each === '' ? folder : each));
  const files = folders.map((each) => (isAbsolute(program) ? program : resolve(join(each, program))));
  return platform === 'win32' ? files.flatMap((file) => [file, `${file}.com`, `${file}.exe`]) : files;
}

/** @returns null: it can be run; `missing`; or why it cannot */
async function problemOfFile(file: string): Promise<string | null> {
  try {
    if (!(await stat(file)).isFile()) return 'it is not a file';
    await access(file, constants.X_OK);
    return await problemOfScript(file);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
    return code === 'EACCES' || code === 'EPERM' ? 'this user may not run it; try chmod +x' : code;
  }
}

/** A script needs the program that its first line names: execve(2). A program that may not be read may still be run. */
async function problemOfScript(file: string): Promise<string | null> {
  let opened: FileHandle;
  try {
    opened = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch {
    return null;
  }
  try {
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(256), 0, 256, 0);
    const interpreter = /^#![ \t]*(\S+)/.exec(buffer.toString('latin1', 0, bytesRead))?.[1];
    if (interpreter === undefined || process.platform === 'win32') return null;
    await access(interpreter, constants.X_OK);
    return null;
  } catch (error) {
    return `the interpreter in its first line cannot be run (${errnoOf(error)})`;
  } finally {
    void closeQuietly(opened);
  }
}
