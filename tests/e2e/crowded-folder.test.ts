// timeout: 240s
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { childrenOf } from '../bed/children.ts';
import { type Folders, makeFile, makeMemoryFolders } from '../bed/folders.ts';
import { describe, reported, reportedFiles, shortWaits, sluice, startConfigured, stopAgents } from '../bed/sluice.ts';
import { pause, until } from '../bed/wait.ts';

const test = suite<{ folders: Folders }>('twenty thousand files in one folder');

test.before.each(async (context) => {
  context.folders = await makeMemoryFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

const count = 20_000;

async function fill(folder: string, prefix: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let from = 0; from < count; from += 500) {
    await Promise.all(
      Array.from({ length: 500 }, (_, index) => writeFile(join(folder, `${prefix}${from + index}.dat`), `${from + index}`)),
    );
  }
}

/** Returns the processor time of a process, milliseconds. Format: proc_pid_stat(5), fields 14 and 15 in hundredths of a second. */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const restMs = 5_000;

test('at both ends: another route is not held up, a new file is noticed, and at rest there is hardly anything to do', async ({
  folders,
}) => {
  const { root, source, destination, stateDir } = folders;
  await fill(join(source, 'big/one'), 'f');
  await fill(join(destination, 'big/one'), 'x');
  for (const folder of [join(source, 'small'), join(destination, 'small')]) await mkdir(folder);
  const tables = ['big', 'small'].map(
    (name) => `[[route]]\nname = "${name}"\nsource = "${source}/${name}"\ndestination = "${destination}/${name}"\n`,
  );
  const config = join(root, 'sluice.toml');
  await writeFile(config, tables.join('\n'));
  const agent = startConfigured(config, stateDir, shortWaits);
  const done = (route: string): number => reportedFiles(agent).filter((file) => file.route === route && file.status === 'COMPLETED').length;
  await until(
    () => done('big') > 0,
    60_000,
    () => describe(agent).slice(0, 2_000),
  );
  await makeFile(join(source, 'small/a.bin'), 1_000);
  await reported(agent, ({ source: path, status }) => path === 'a.bin' && status === 'COMPLETED', 30_000);
  assert.ok(done('big') < count, `${done('big')} of the others were copied before it`);
  assert.is((await sluice(['hold', 'big', '--state', stateDir])).code, 0);
  await makeFile(join(source, 'big/one/new.bin'), 1_000);
  await reported(agent, ({ source: path, status }) => path === 'one/new.bin' && status === 'READY', 30_000);
  await until(
    async () => (await agent.status()).routes.every(({ counts }) => counts.COPYING + counts.VERIFYING + counts.IN_QUEUE === 0),
    30_000,
  );
  // A second carrier that helped with the many small files ends when they are gone.
  const carriers = async (): Promise<number> => (await childrenOf(agent.pid)).filter(({ kind }) => kind === 'carrier').length;
  await until(async () => (await carriers()) === tables.length, 30_000);
  const pids = [agent.pid, ...(await childrenOf(agent.pid)).map(({ pid }) => pid)];
  const spent = (): number => pids.reduce((sum, pid) => sum + processorMs(pid), 0);
  // The garbage of the scan and of the copies is still to be collected.
  await pause(restMs);
  const before = spent();
  await pause(restMs);
  const share = (spent() - before) / restMs;
  console.log(`  measured: at rest: ${(share * 100).toFixed(1)} % of a core`);
  assert.ok(share < 0.25, `at rest it takes ${(share * 100).toFixed(0)} % of a core`);
});

test.run();
