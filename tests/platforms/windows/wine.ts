import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { env } from 'node:process';
import { executables } from '../../../scripts/test/executables.ts';
import type { Ran } from '../../package/support.ts';

/** The folder of the executable that Wine runs. */
export const wineDist = executables.windows.dist;

/** A Windows, as far as Wine emulates it. */
export interface Wine {
  /** Runs its `sluice.exe`. */
  run(args: readonly string[], timeoutMs: number): Ran;
  /** Runs any program or script. @param more further variables of its environment */
  runProgram(program: string, args: readonly string[], timeoutMs: number, more?: Readonly<Record<string, string>>): Ran;
  /** Starts a program, which the caller has to end. */
  begin(program: string, args: readonly string[]): ChildProcess;
  /** Ends all its processes. */
  end(): void;
}

/** Returns the path of Wine, or null. */
export function findWine(): string | null {
  return ['/usr/lib/wine/wine64', '/usr/bin/wine64', '/usr/bin/wine'].find((path) => existsSync(path)) ?? null;
}

/** Returns a path of this system in the form of Windows. */
export function asWindows(path: string): string {
  return `Z:${path.replaceAll('/', '\\')}`;
}

/** Programs that a test supplies in place of Wine's: `certutil.exe`. */
export type Replaced = readonly string[];

/** Sets one up in a separate folder. @throws Error if that fails */
export function wineIn(root: string, wine: string, replaced: Replaced = []): Wine {
  // No window and no offer to install more, because nobody can answer.
  const quiet = {
    DISPLAY: '',
    WINEDEBUG: '-all',
    WINEDLLOVERRIDES: ['mscoree=', 'mshtml=', ...replaced.map((name) => `${name}=n`)].join(';'),
  };
  const around = { ...env, ...quiet, WINEPREFIX: join(root, 'prefix'), LC_ALL: 'C.UTF-8' };
  const bounds = (timeout: number) => ({ env: around, cwd: root, timeout, killSignal: 'SIGKILL' }) as const;
  const prepared = spawnSync(wine, ['winecfg', '-v', 'win10'], { ...bounds(180_000), stdio: 'ignore' });
  if (prepared.status !== 0) throw new Error(`winecfg ended with ${prepared.status}`);
  const runProgram: Wine['runProgram'] = (program, args, timeoutMs, more = {}) => {
    // Its console needs files to write to.
    const paths = ['out.txt', 'err.txt'].map((name) => join(root, name)) as [string, string];
    const [out, err] = paths.map((path) => openSync(path, 'w')) as [number, number];
    const how = { ...bounds(timeoutMs), env: { ...around, ...more } };
    const { status } = spawnSync(wine, [program, ...args], { ...how, stdio: ['ignore', out, err] });
    closeSync(out);
    closeSync(err);
    return { code: status, stdout: readFileSync(paths[0], 'utf8'), stderr: readFileSync(paths[1], 'utf8') };
  };
  return {
    runProgram,
    run: (args, timeoutMs) => runProgram(join(root, 'sluice.exe'), args, timeoutMs),
    begin: (program, args) => spawn(wine, [program, ...args], { env: around, cwd: root, stdio: ['ignore', 'pipe', 'ignore'] }),
    end() {
      const server = ['wineserver64', 'wineserver'].map((name) => join(dirname(wine), name)).find((path) => existsSync(path));
      for (const how of ['-k', '-w']) spawnSync(server ?? 'wineserver', [how], { ...bounds(30_000), stdio: 'ignore' });
    },
  };
}
