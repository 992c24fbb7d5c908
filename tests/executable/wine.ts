import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { env } from 'node:process';
import type { Ran } from './support.ts';

/** Windows, as far as Wine imitates it. */
export interface Wine {
  /** Runs `sluice.exe` of its place. */
  run(args: readonly string[], timeoutMs: number): Ran;
  /** Ends every process of it. */
  end(): void;
}

export function findWine(): string | null {
  return ['/usr/lib/wine/wine64', '/usr/bin/wine64', '/usr/bin/wine'].find((path) => existsSync(path)) ?? null;
}

/** Sets one up in a folder of its own. @throws Error where that fails */
export function wineIn(place: string, wine: string): Wine {
  // Neither a window nor an offer to install more: nobody is there to answer.
  const quiet = { DISPLAY: '', WINEDEBUG: '-all', WINEDLLOVERRIDES: 'mscoree=;mshtml=' };
  const around = { ...env, ...quiet, WINEPREFIX: join(place, 'prefix'), LC_ALL: 'C.UTF-8' };
  const bounds = (timeout: number) => ({ env: around, cwd: place, timeout, killSignal: 'SIGKILL' }) as const;
  const prepared = spawnSync(wine, ['winecfg', '-v', 'win10'], { ...bounds(180_000), stdio: 'ignore' });
  if (prepared.status !== 0) throw new Error(`winecfg ended with ${prepared.status}`);
  return {
    run(args, timeoutMs) {
      // Its console needs files to write to.
      const paths = ['out.txt', 'err.txt'].map((name) => join(place, name)) as [string, string];
      const [out, err] = paths.map((path) => openSync(path, 'w')) as [number, number];
      const { status } = spawnSync(wine, [join(place, 'sluice.exe'), ...args], { ...bounds(timeoutMs), stdio: ['ignore', out, err] });
      closeSync(out);
      closeSync(err);
      return { code: status, stdout: readFileSync(paths[0], 'utf8'), stderr: readFileSync(paths[1], 'utf8') };
    },
    end() {
      const server = ['wineserver64', 'wineserver'].map((name) => join(dirname(wine), name)).find((path) => existsSync(path));
      for (const how of ['-k', '-w']) spawnSync(server ?? 'wineserver', [how], { ...bounds(30_000), stdio: 'ignore' });
    },
  };
}
