import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from './targets.ts';
import { runZig, zig, zigFolder } from './zig.ts';

const sources = join(import.meta.dirname, '../../packages/service/host');

/**
 * Makes the program that the service control manager of Windows starts in place of Sluice. It is linked without a C library, so it
 * contains only code from its own sources.
 * @param keep the folder of earlier downloads and results
 * @param to the path of the program
 */
export async function putServiceHost(target: Target, keep: string, to: string): Promise<void> {
  const kept = join(keep, `service-host-${target.name}-${fingerprint(target)}.exe`);
  if (!existsSync(kept)) await compileServiceHost(target, await zigFolder(keep), keep, kept);
  copyFileSync(kept, to);
}

/** Returns a name for the result, from everything that it is made from. */
function fingerprint(target: Target): string {
  const hash = createHash('sha256').update(JSON.stringify([zig, command(target, 'headers', 'out')]));
  for (const name of readdirSync(sources).sort()) hash.update(name).update(readFileSync(join(sources, name)));
  return hash.digest('hex').slice(0, 16);
}

/**
 * Compiles the program.
 * @param compiler its folder (`zigFolder`)
 * @param keep a folder for reusable results
 * @param to the path of the result; its work folder is next to it
 */
export async function compileServiceHost(target: Target, compiler: string, keep: string, to: string): Promise<void> {
  const work = `${to}.work`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work);
  try {
    cpSync(sources, work, { recursive: true });
    const headers = join(compiler, 'lib/libc/include/any-windows-any');
    await runZig(compiler, [command(target, headers, 'host.exe')], { cwd: work, keep, what: `the service host for ${target.name}` });
    writeFileSync(join(work, 'host.exe'), withoutTime(readFileSync(join(work, 'host.exe'))));
    renameSync(join(work, 'host.exe'), to);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function command(target: Target, headers: string, output: string): readonly string[] {
  const machine = `${target.arch === 'arm64' ? 'aarch64' : 'x86_64'}-windows-gnu`;
  const common = ['-target', machine, '-Os', '-s', '-Wall', '-Wextra', '-Werror', '-isystem', headers];
  const alone = ['-ffreestanding', '-fno-builtin', '-nostdlib', '-Wl,--subsystem,console', '-Wl,-e,start_here'];
  const files = readdirSync(sources).filter((name) => name.endsWith('.c'));
  return ['cc', ...common, ...alone, '-o', output, ...files.sort(), '-lkernel32', '-ladvapi32'];
}

/** The linker stores the time in four bytes of the header (PE format, "COFF File Header"). They are set to zero. */
function withoutTime(bytes: Buffer): Buffer {
  const header = bytes.readUInt32LE(0x3c);
  if (bytes.toString('latin1', header, header + 4) !== 'PE\0\0') throw new Error('the result of the compiler is not a program of Windows');
  bytes.writeUInt32LE(0, header + 8);
  return bytes;
}
