// Names the source files whose functions run while one stable file goes from the scan to COMPLETED: npm run walk
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, env, execPath, stdout } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const house = fileURLToPath(new URL('../../', import.meta.url));
const sizeBytes = 3_000_000;
const idleMs = 12_000;
const settledMs = 4_000;
const withinMs = 60_000;

/** Rooms that only observe the copy, and those that only pass calls to the operating system. They are left out. */
const watchers =
  /^(apps|packages\/(agent\/src\/(log|serve|metrics|hooks|reload|own-conditions|compose\.ts)|control|core\/src\/snapshot|lists|platform|words|transport\/src\/(prober|mounted\/marker\.ts)))/;

const folder = mkdtempSync(join(tmpdir(), 'sluice-walk-'));
const [source, destination] = [join(folder, 'source'), join(folder, 'destination')];
for (const each of [source, destination]) mkdirSync(each);

async function copied(name: string): Promise<void> {
  writeFileSync(join(source, name), randomBytes(sizeBytes));
  for (const end = Date.now() + withinMs; !existsSync(join(destination, name)); await sleep(100)) {
    if (Date.now() > end) throw new Error(`${name} has not arrived`);
  }
  await sleep(settledMs);
}

/** How the files of the processes end that have answered, and of the agent. None of them ends before the agent. */
const processes = new Set<string>();

/**
 * Ends a period, and returns by file where the functions begin that any process called in it. Waits for every process that answered
 * before: on a machine with much to do, one may take long.
 */
async function calledUntilNow(window: string): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  writeFileSync(join(folder, 'take'), window);
  const isMissing = (its: string): boolean => !existsSync(join(folder, `${window}-${its}`));
  for (const end = Date.now() + withinMs; [...processes].some(isMissing); await sleep(100)) {
    if (Date.now() > end) throw new Error('a process has not answered');
  }
  await sleep(1_000);
  const called = new Map<string, Set<number>>();
  for (const name of readdirSync(folder).filter((each) => each.startsWith(`${window}-`))) {
    processes.add(name.slice(window.length + 1));
    const files = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, readonly number[]>;
    for (const [url, starts] of Object.entries(files)) {
      const path = fileURLToPath(url).slice(house.length);
      const known = called.get(path) ?? new Set();
      for (const start of starts) known.add(start);
      called.set(path, known);
    }
  }
  return called;
}

const main = join(house, 'scripts/walk/counted-main.ts');
const args = ['run', '--from', source, '--to', destination, '--state', join(folder, 'state'), '--stable-after', '1s', '--scan-every', '1s'];
const agent = spawn(execPath, [main, ...args], { env: { ...env, HOME: folder }, stdio: 'ignore' });
processes.add(`${agent.pid}.json`);
const ended = new Promise((resolve) => agent.once('exit', resolve));
try {
  await copied('first.bin');
  await calledUntilNow('start');
  await sleep(idleMs);
  const idle = await calledUntilNow('idle');
  await copied('walk.bin');
  const walk = await calledUntilNow('walk');
  const isNew = (path: string): boolean => [...(walk.get(path) ?? [])].some((start) => idle.get(path)?.has(start) !== true);
  const files = [...walk.keys()].filter((path) => /^(apps|packages)\//.test(path) && isNew(path)).toSorted();
  const stations = files.filter((path) => !watchers.test(path));
  for (const path of argv.includes('--all') ? files : stations) stdout.write(`${path}\n`);
  stdout.write(`${stations.length} files, and ${files.length - stations.length} that watch or ask the operating system (--all)\n`);
} finally {
  agent.kill();
  await ended;
  rmSync(folder, { recursive: true });
}
