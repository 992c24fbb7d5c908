// timeout: 240s
import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, makeFile, makeFolders } from '../bed/folders.ts';
import { type LoopMount, makeLoopMount, whyNoLoopMount } from '../bed/loop-mount.ts';
import { reported, sluice, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

interface Context {
  folders: Folders;
  disk: LoopMount;
  /** Take free device numbers, so that the disk gets another one. */
  others: LoopMount[];
}

const test = suite<Context>('safe and clear, after the disk of the source was mounted again');

test.before.each(async (context) => {
  const disk = await makeLoopMount(64);
  await disk.mount('card');
  Object.assign(context, { disk, others: [], folders: await makeFolders() });
});
test.after.each(async ({ folders, disk, others }) => {
  await stopAgents();
  await disk.remove();
  for (const other of others) await other.remove();
  await folders.remove();
});

/** Mounts the disk again under another device number. Other programs use loop devices too, so that it may take several tries. */
async function mountRenumbered({ disk, others }: Context, path: string): Promise<void> {
  const before = (await stat(path)).dev;
  for (let isSame = true; isSame; isSame = (await stat(path)).dev === before) {
    await disk.unmount();
    const other = await makeLoopMount(64);
    others.push(other);
    await other.mount('in its place');
    await disk.mount('card');
  }
}

test('a card with another device number is safe by its bytes, and cleared; a file that was replaced is not', async (context) => {
  const { disk, folders } = context;
  const source = join(disk.path, 'in');
  await mkdir(source);
  for (const name of ['a.mxf', 'b.mxf']) await makeFile(join(source, name), 300_001);
  const agent = startAgent({ from: source, to: folders.destination, stateDir: folders.stateDir });
  for (const name of ['a.mxf', 'b.mxf']) await reported(agent, (file) => file.source === name && file.status === 'COMPLETED');
  await agent.stop();
  await mountRenumbered(context, source);
  const safe = await sluice(['safe', '--state', folders.stateDir]);
  assert.is(safe.code, 0, safe.stdout);
  const { atime, mtime } = await stat(join(source, 'b.mxf'));
  await writeFile(join(source, 'b.mxf'), Buffer.alloc(300_001, 7));
  await utimes(join(source, 'b.mxf'), atime, mtime);
  const replaced = await sluice(['safe', '--state', folders.stateDir]);
  assert.is(replaced.code, 1);
  assert.match(replaced.stdout, /b\.mxf: (another file has this name|changed since it was copied|not copied)/);
  assert.not.match(replaced.stdout, /a\.mxf/);
  const next = startAgent({ from: source, to: folders.destination, stateDir: folders.stateDir });
  const isListed = async (): Promise<boolean> => {
    const status = await next.status().catch(() => null);
    return status?.routes[0]?.sourceState.state === 'ok' && status.routes[0].gate.state === 'open';
  };
  await until(isListed, 30_000);
  const cleared = await sluice(['clear', 'default', '--yes', '--json', '--state', folders.stateDir]);
  const { names } = JSON.parse(cleared.stdout) as { readonly names: readonly string[] };
  assert.ok(names.includes('a.mxf'), cleared.stdout);
  assert.not.ok((await readdir(source)).includes('a.mxf'), cleared.stdout);
  await next.stop();
});

const reason = whyNoLoopMount();
if (reason === null) test.run();
else console.log(`SKIPPED tests/e2e/safe-remount.test.ts: ${reason}`);
