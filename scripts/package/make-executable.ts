import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import process, { execPath } from 'node:process';
import type { Plugin } from 'esbuild';
import { runProcess } from '../run-process.ts';
import { baseBinary } from './base-binary.ts';
import { bundle, parts } from './bundle.ts';
import { stored } from './compressed.ts';
import { signAdHoc } from './mach-o-signature.ts';
import { layPkgCache } from './pkg-cache.ts';
import type { PkgJob } from './pkg-sea.ts';
import { putServiceHost } from './service-host.ts';
import { putSqliteAddon } from './sqlite-addon.ts';
import { stripped } from './strip.ts';
import { fileName, type Target, thisMachine } from './targets.ts';

const timeoutMs = 300_000;

/** The folders of a build, all below `dist`. */
interface Build {
  readonly dist: string;
  /** Removed when the build is done. */
  readonly work: string;
  readonly keep: string;
  readonly say: (line: string) => void;
}

/**
 * Makes one executable. Its bytes do not depend on when, where or how often it is made.
 * @param dist the folder for it; its `cache` keeps downloads
 * @param others plugins that change the sources (`bundle`)
 * @returns its path
 */
export async function makeExecutable(
  target: Target,
  dist: string,
  say: (line: string) => void,
  others: readonly Plugin[] = [],
): Promise<string> {
  mkdirSync(dist, { recursive: true });
  const work = mkdtempSync(join(dist, '.work-'));
  const build: Build = { dist, work, keep: join(dist, 'cache'), say };
  try {
    await bundle(join(work, 'bundle'), others);
    const base = await prepareBase(target, build);
    const assets = await collectAssets(target, build);
    const made = await runPkg(target, compressedAssets(assets, build), build);
    if (target.platform === 'macos') writeFileSync(made, signAdHoc(readFileSync(made), `sluice-${target.name}`));
    chmodSync(made, 0o755);
    const path = join(dist, fileName(target));
    renameSync(made, path);
    if (target.name === thisMachine()) keepBundle(join(work, 'bundle'), join(dist, 'bundle'));
    if (base !== null) say(`${fileName(target)}: stripped by ${base}`);
    return path;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Keeps the bundle, to inspect it or run it with Node: `node dist/bundle/main.cjs`. */
function keepBundle(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  renameSync(from, to);
}

/** Puts the base, and the Node that prepares its contents, where pkg searches for them. */
async function prepareBase(target: Target, { work, keep, say }: Build): Promise<string | null> {
  const { version } = target.base;
  const base = join(work, 'base');
  const tool = await stripped(target, await baseBinary(target.base, keep), base, say);
  const home = join(work, 'home');
  layPkgCache(home, [{ version, name: target.name, path: base }]);
  const isPreparedByThis = target.name === thisMachine() || `v${version}` === process.version;
  if (!isPreparedByThis) {
    const path = await baseBinary({ name: `node-${thisMachine()}`, version }, keep);
    layPkgCache(home, [{ version, name: thisMachine(), path }]);
  }
  return tool;
}

/** Code that Node kept from an earlier compilation changes V8's state, and the time zone what runs: both change the bytes of a cache. */
const reproducible = { NODE_DISABLE_COMPILE_CACHE: '1', NODE_OPTIONS: '', TZ: 'UTC' } as const;

/** Collects the parts of the program, their compiled code, SQLite, and the program that Windows starts as a service. */
async function collectAssets(target: Target, { work, keep }: Build): Promise<Record<string, string>> {
  const folder = join(work, 'bundle');
  const assets: Record<string, string> = { 'sqlite.node': join(folder, 'sqlite.node') };
  await putSqliteAddon(target, keep, join(folder, 'sqlite.node'));
  if (target.platform === 'win') {
    assets['sluice-service.exe'] = join(folder, 'sluice-service.exe');
    await putServiceHost(target, keep, join(folder, 'sluice-service.exe'));
  }
  for (const name of Object.keys(parts)) {
    const source = join(folder, `${name}.cjs`);
    assets[`${name}.cjs`] = source;
    if (target.name !== thisMachine() || `v${target.base.version}` !== process.version) continue;
    const cache = join(folder, `${name}.cache`);
    // By the same binary, because another version of V8 would not use the cache. Predictable: the same bytes every time.
    const flags = ['--predictable', '--disable-warning=ExperimentalWarning'];
    await run(join(work, 'base'), [...flags, join(import.meta.dirname, 'code-cache.ts'), source, cache], work, reproducible);
    assets[`${name}.cache`] = cache;
  }
  return assets;
}

function compressedAssets(assets: Readonly<Record<string, string>>, { work }: Build): Record<string, string> {
  const folder = join(work, 'compressed');
  mkdirSync(folder);
  return Object.fromEntries(
    Object.entries(assets).map(([name, path]) => {
      const packed = join(folder, name);
      writeFileSync(packed, stored(name, readFileSync(path)));
      return [name, packed];
    }),
  );
}

async function runPkg(target: Target, assets: Readonly<Record<string, string>>, { work }: Build): Promise<string> {
  const temporary = join(work, 'tmp');
  mkdirSync(temporary);
  const main = join(work, 'bundle', 'main.cjs');
  const output = join(work, fileName(target));
  // At the same depth as the folder that pkg creates for itself and works in.
  const fromPkg = (path: string): string => relative(join(temporary, 'pkg-sea'), path);
  const job: PkgJob = {
    main,
    target: { nodeRange: `node${target.base.version}`, platform: target.platform, arch: target.arch, output },
    relativeMain: fromPkg(main),
    assets: Object.fromEntries(Object.entries(assets).map(([name, path]) => [name, fromPkg(path)])),
  };
  const home = join(work, 'home');
  const env = { HOME: home, USERPROFILE: home, TMPDIR: temporary, TEMP: temporary, TMP: temporary };
  await run(execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'pkg-sea.ts'), JSON.stringify(job)], work, env);
  return output;
}

async function run(command: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<void> {
  const { code, output } = await runProcess(command, args, { cwd, timeoutMs, env });
  if (code !== 0) throw new Error(`${args.find((arg) => arg.endsWith('.ts')) ?? command} ended with ${code}: ${output.trim()}`);
}
