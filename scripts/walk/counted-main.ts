/**
 * Runs the program and counts which functions are called. Started like `main.ts`, and its children start it too. When the number in
 * the file `take` in the home folder changes, each process writes which functions were called since the last time.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';
import { env, pid } from 'node:process';

const home = env['HOME'] ?? '';
const lookEveryMs = 50;
const session = new Session();

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly { readonly startOffset: number; readonly count: number }[] }[];
  }[];
}

/** Returns by URL where the functions begin that were called since the last time. */
function called(): Promise<Record<string, readonly number[]>> {
  return new Promise((resolve, reject) => {
    session.post('Profiler.takePreciseCoverage', (error: Error | null, coverage: Coverage) => {
      if (error !== null) return reject(error);
      const files = coverage.result.map(({ url, functions }): [string, readonly number[]] => {
        const calls = functions.flatMap(({ ranges: [whole] }) => (whole !== undefined && whole.count > 0 ? [whole.startOffset] : []));
        // A module itself begins at 0. It runs when it is loaded.
        return [url, calls.filter((start) => start > 0)];
      });
      resolve(Object.fromEntries(files.filter(([url, calls]) => url.startsWith('file:') && calls.length > 0)));
    });
  });
}

function taken(): string {
  try {
    return readFileSync(join(home, 'take'), 'utf8');
  } catch {
    return '';
  }
}

session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
let last = '';
setInterval(() => {
  const now = taken();
  if (now === last) return;
  last = now;
  void called().then((files) => writeFileSync(join(home, `${now}-${pid}.json`), JSON.stringify(files)));
}, lookEveryMs).unref();

await import('../../apps/sluice/src/main.ts');
