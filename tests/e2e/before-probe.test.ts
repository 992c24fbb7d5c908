// timeout: 240s
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identifyProcess } from '@sluice/platform';
import * as assert from 'uvu/assert';
import { statusOn } from '../bed/ask.ts';
import { whyNoBed } from '../bed/bed-folder.ts';
import { type Folders, hashCopies, hashTree, makeFile, makeFolders } from '../bed/folders.ts';
import { program, sluice } from '../bed/sluice.ts';
import { stories } from '../bed/stories.ts';
import { run } from '../bed/tool.ts';
import { until } from '../bed/wait.ts';

interface Context {
  folders: Folders;
  /** The folder that is mounted at the destination. */
  nas: string;
  running: Set<ChildProcess>;
}

const whyNot = whyNoBed(['mount', 'umount', 'unshare', 'nsenter']);
if (whyNot !== null) console.log(`skipped: before_probe: ${whyNot}`);
else {
  const test = stories<Context>('before_probe', 3, {
    make: async () => {
      const folders = await makeFolders();
      const nas = join(folders.root, 'nas');
      await mkdir(nas);
      await makeFile(join(folders.source, 'day1/a.mov'), 100_000);
      return { folders, nas, running: new Set() };
    },
    remove: async ({ folders, running }) => {
      for (const child of running) child.kill('SIGKILL');
      await until(() => running.size === 0, 20_000);
      await folders.remove();
    },
  });

  /** Starts an agent in its own mount namespace. Its mounts are visible only to it and its processes, and end with them. */
  async function startPrivately(
    { folders, running }: Context,
    words: readonly string[],
    more: readonly string[] = [],
  ): Promise<ChildProcess> {
    const { root, source, destination, stateDir } = folders;
    const config = join(root, 'sluice.toml');
    const waits = 'stable_after = "300ms"\nscan_every = "300ms"\nspace.keep_free = "1MB"\nprobe.closed = "300ms"\n';
    const route = `[[route]]\nsource = "${source}"\ndestination = "${destination}"\n${waits}before_probe = ${JSON.stringify(words)}\n`;
    await writeFile(config, `[agent]\nstate_dir = "${stateDir}"\n${route}`);
    const args = ['--mount', '--propagation', 'private', ...program, 'run', '-c', config, ...more];
    const child = spawn('unshare', args, { stdio: 'ignore' });
    running.add(child);
    child.on('close', () => running.delete(child));
    return child;
  }

  /** A temporary file may be gone before it is read: then it is not. */
  const isCopied = async ({ folders: { source }, nas }: Context): Promise<boolean> =>
    JSON.stringify(await hashCopies(nas).catch(() => null)) === JSON.stringify(await hashTree(source));
  const ended = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.on('close', resolve));

  test('before_probe: a command mounts the destination, and nothing is written to the folder below', async (context) => {
    const { folders, nas } = context;
    const child = await startPrivately(context, ['mount', '--bind', nas, '{destination}'], ['--until-idle']);
    assert.is(await ended(child), 0);
    assert.equal(await hashCopies(nas), await hashTree(folders.source));
    assert.equal(await readdir(folders.destination), []);
    const { stdout } = await sluice(['log', '--state', folders.stateDir, '-c', join(folders.root, 'sluice.toml')]);
    assert.match(stdout, /info {2}default: before_probe: mount ended with exit code 0\n/);
  });

  test('before_probe: a destination that is unmounted is mounted again, and copying continues', async (context) => {
    const { folders, nas } = context;
    const { source, destination, stateDir } = folders;
    const child = await startPrivately(context, ['mount', '--bind', nas, '{destination}']);
    const isOnline = async (): Promise<boolean> => (await statusOn(stateDir).catch(() => null))?.routes[0]?.gate.state === 'open';
    await until(isOnline, 30_000);
    await until(() => isCopied(context), 20_000);
    await run('nsenter', ['--mount', `--target=${child.pid}`, 'umount', '--lazy', destination]);
    await until(async () => !(await isOnline()), 20_000);
    await makeFile(join(source, 'day1/b.mov'), 100_000);
    // At most once a minute.
    await until(isOnline, 90_000);
    await until(() => isCopied(context), 20_000);
    child.kill('SIGTERM');
    await ended(child);
    assert.equal(await readdir(destination), []);
  });

  test('before_probe: a command that hangs does not keep a known destination offline', async (context) => {
    const { folders, nas } = context;
    const { source, destination, stateDir } = folders;
    const first = await startPrivately(context, ['mount', '--bind', nas, '{destination}'], ['--until-idle']);
    assert.is(await ended(first), 0);
    await rm(destination, { recursive: true });
    await makeFile(join(source, 'day1/b.mov'), 100_000);
    const child = await startPrivately(context, ['sleep', '1000']);
    const gate = async () => (await statusOn(stateDir).catch(() => null))?.routes[0]?.gate;
    await until(async () => (await gate())?.cause === 'unreachable', 30_000);
    await mkdir(destination);
    await run('nsenter', ['--mount', `--target=${child.pid}`, 'mount', '--bind', nas, destination]);
    await until(async () => (await gate())?.state === 'open', 40_000);
    await until(() => isCopied(context), 20_000);
    child.kill('SIGTERM');
    assert.is(await ended(child), 143);
  });

  test('before_probe: what it started is ended by the next start of an agent that was killed', async (context) => {
    const { root, stateDir } = context.folders;
    const pids = join(root, 'pids');
    const script = `setsid sh -c 'sleep 1000 & echo $! >> "${pids}"' & sleep 1000 & echo $! >> "${pids}"; wait`;
    const started = async (): Promise<number[]> => (await readFile(pids, 'utf8').catch(() => '')).trim().split('\n').map(Number);
    const first = await startPrivately(context, ['/bin/sh', '-c', script]);
    await until(async () => (await started()).length === 2, 30_000);
    first.kill('SIGKILL');
    await ended(first);
    const left = await started();
    assert.ok(left.every((pid) => identifyProcess(pid) !== null));
    const next = await startPrivately(context, []);
    await until(async () => (await statusOn(stateDir).catch(() => null))?.agent.pid === next.pid, 30_000);
    assert.ok(left.every((pid) => identifyProcess(pid) === null));
    assert.match(await readFile(join(stateDir, 'sluice.log'), 'utf8'), 'default: ended before_probe, which an earlier run');
  });

  test.run();
}
