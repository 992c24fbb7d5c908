import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runZig, zig, zigFolder } from '../../../scripts/package/zig.ts';

const keep = join(import.meta.dirname, '../../../dist/cache');

const bare = ['-nostdlib', '-fno-builtin', '-fno-stack-protector', '-Wl,--subsystem,console', '-e', 'mainCRTStartup'];
const libraries = ['-lkernel32', '-luser32', '-lshell32', '-lbcrypt'];
const how = ['cc', '-target', 'x86_64-windows-gnu', '-O1', '-s', ...bare, ...libraries];

/**
 * Compiles a program for Windows that needs only Windows. Earlier results are kept.
 * @throws Error with the output of the compiler
 */
export async function compileForWindows(source: string, to: string): Promise<void> {
  const hash = createHash('sha256').update(JSON.stringify([zig, how]));
  const kept = join(keep, `windows-program-${hash.update(readFileSync(source)).digest('hex').slice(0, 16)}.exe`);
  if (!existsSync(kept)) {
    const compiler = await zigFolder(keep);
    const headers = ['-isystem', join(compiler, 'lib/libc/include/any-windows-any')];
    await runZig(compiler, [[...how, ...headers, '-o', kept, source]], { cwd: keep, keep, what: source });
  }
  copyFileSync(kept, to);
}
