import { dirname, join } from 'node:path';
import { runZig, zigFolder } from '../../scripts/package/zig.ts';

const keep = join(import.meta.dirname, '../../dist/cache');

const bare = ['-nostdlib', '-fno-builtin', '-fno-stack-protector', '-Wl,--subsystem,console', '-e', 'mainCRTStartup'];
const libraries = ['-lkernel32', '-luser32', '-lshell32', '-lbcrypt'];

/** Compiles a program for Windows that needs nothing but Windows. @throws Error with what the compiler says */
export async function compileForWindows(source: string, to: string): Promise<void> {
  const folder = await zigFolder(keep);
  const headers = ['-isystem', join(folder, 'lib/libc/include/any-windows-any')];
  const args = ['cc', '-target', 'x86_64-windows-gnu', '-O1', '-s', ...bare, ...headers, '-o', to, source, ...libraries];
  await runZig(folder, [args], { cwd: dirname(to), keep, what: source });
}
