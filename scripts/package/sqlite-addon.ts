import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Target } from './targets.ts';
import { runZig, zig, zigFolder } from './zig.ts';

/** The oldest glibc that the executable's Node supports. The addon that better-sqlite3 ships for Linux needs 2.34. */
const glibc = '2.28';
const statSource = join(import.meta.dirname, 'stat.c');

/**
 * Makes better-sqlite3's addon for a target. For Linux it is compiled from the package, with a compiler that includes the C
 * library of the target. For other systems the one in the package is used.
 * @param keep the folder of earlier downloads and results
 * @param to the path of the addon
 */
export async function putSqliteAddon(target: Target, keep: string, to: string): Promise<void> {
  const { betterSqlite } = sources();
  if (target.platform !== 'linux') return cpSync(join(betterSqlite, 'prebuilds', target.addon), to);
  const kept = join(keep, `sqlite-${target.name}-${fingerprint(target)}.node`);
  if (!existsSync(kept)) await compile(target, keep, kept);
  cpSync(kept, to);
}

/** Returns the folders of the sources. */
function sources(): { readonly betterSqlite: string; readonly addonApi: string; readonly nodeApi: string } {
  const root = createRequire(import.meta.url);
  const persistence = createRequire(join(import.meta.dirname, '../../packages/persistence/package.json'));
  const manifest = persistence.resolve('better-sqlite3/package.json');
  return {
    betterSqlite: dirname(manifest),
    addonApi: dirname(createRequire(manifest).resolve('node-addon-api/package.json')),
    nodeApi: (root('node-api-headers') as { include_dir: string }).include_dir,
  };
}

/** Returns a name for the result, from everything that it is made from. */
function fingerprint(target: Target): string {
  const { betterSqlite, addonApi, nodeApi } = sources();
  const hash = createHash('sha256').update(JSON.stringify([zig, commands(target, 'out')]));
  hash.update(readFileSync(statSource));
  for (const folder of [join(betterSqlite, 'deps'), join(betterSqlite, 'src'), addonApi, nodeApi]) {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
    for (const path of paths) hash.update(path.slice(folder.length)).update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 16);
}

async function compile(target: Target, keep: string, kept: string): Promise<void> {
  const compiler = await zigFolder(keep);
  const work = `${kept}.work`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work);
  try {
    const { betterSqlite, addonApi, nodeApi } = sources();
    // Relative paths, so that the result contains no path of this machine.
    for (const [name, folder] of Object.entries({ sqlite3: join(betterSqlite, 'deps/sqlite3'), src: join(betterSqlite, 'src') })) {
      cpSync(folder, join(work, name), { recursive: true });
    }
    cpSync(addonApi, join(work, 'addon-api'), { recursive: true });
    cpSync(nodeApi, join(work, 'node-api'), { recursive: true });
    cpSync(statSource, join(work, 'stat.c'));
    await runZig(compiler, commands(target, 'sqlite.node'), { cwd: work, keep, what: `SQLite for ${target.name}` });
    renameSync(join(work, 'sqlite.node'), kept);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The flags of better-sqlite3's `binding.gyp`, so that the tests of the sources run the same code. */
function commands(target: Target, output: string): readonly (readonly string[])[] {
  const machine = `${target.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu.${glibc}`;
  const common = ['-target', machine, '-O2', '-w', '-fPIC', '-fvisibility=hidden', '-ffunction-sections', '-fdata-sections', '-DNDEBUG'];
  const headers = ['-Isqlite3', '-Iaddon-api', '-Inode-api'];
  const napi = ['NAPI_VERSION=10', 'NAPI_DISABLE_CPP_EXCEPTIONS', 'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS'];
  const cpp = ['-std=c++20', '-fno-exceptions', '-fno-rtti', '-fvisibility-inlines-hidden', ...napi.map((each) => `-D${each}`)];
  const linked = ['-shared', '-s', '-Wl,--gc-sections', '-Wl,-Bsymbolic', '-ldl'];
  const plain = ['-std=c99', '-fno-asynchronous-unwind-tables', '-fno-unwind-tables'];
  return [
    ['cc', ...common, ...plain, ...definitions(), '-c', 'sqlite3/sqlite3.c', '-o', 'sqlite3.o'],
    ['cc', ...common, '-fno-builtin', '-c', 'stat.c', '-o', 'stat.o'],
    ['c++', ...common, ...cpp, ...headers, ...linked, '-o', output, 'src/better_sqlite3.cpp', 'sqlite3.o', 'stat.o'],
  ];
}

/** Returns the definitions with which better-sqlite3 compiles SQLite. */
function definitions(): readonly string[] {
  const text = readFileSync(join(sources().betterSqlite, 'deps/defines.gypi'), 'utf8');
  const all = [...text.matchAll(/^\s+'(\w+(?:=[^']*)?)',$/gm)].map(([, name = '']) => name);
  if (!all.includes('SQLITE_DQS=0')) throw new Error("better-sqlite3's defines.gypi is not what it was: it names no SQLITE_DQS");
  return all.map((name) => `-D${name}`);
}
