// timeout: 240s
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FaultFolders, makeFaultFolders, removeFaultFolders } from '../bed/fault-folders.ts';
import { whyNoFaultMount } from '../bed/fault-mount.ts';
import { makeFile } from '../bed/folders.ts';
import { type Agent, sluice, startConfigured } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<FaultFolders>('removal at a share that refuses hard links');

test.before.each(async (context) => {
  Object.assign(context, await makeFaultFolders());
});
test.after.each(removeFaultFolders);

/** Starts an agent that deletes what it copied from the mount, and whose hook keeps its calls in a file. */
async function start({ folders, mount }: FaultFolders): Promise<Agent> {
  const { root, destination, stateDir } = folders;
  const [hook, config] = [join(root, 'page'), join(root, 'sluice.toml')];
  await writeFile(hook, `#!/bin/sh\necho "$SLUICE_SUMMARY" >> ${join(root, 'calls')}\n`);
  await chmod(hook, 0o755);
  const route = `[[route]]\nname = "ingest"\nsource = "${mount.path}"\ndestination = "${destination}"\nsource_warn_below = "0"\n`;
  const removes = 'after_copy = "delete"\nafter_copy_wait = "0"\nstable_after = "300ms"\nscan_every = "300ms"\nspace.keep_free = "1MB"\n';
  await writeFile(config, `[agent]\nstate_dir = "${stateDir}"\nattention_after = "1s"\non_attention = ["${hook}"]\n${route}${removes}`);
  return startConfigured(config, stateDir);
}

test('status, show, the log and on_attention say that links are refused, and to delete the file by hand', async (context) => {
  const { folders, mount } = context;
  const { root, stateDir } = folders;
  await mount.fail('link', 'EPERM');
  await makeFile(join(mount.backing, 'a.bin'), 100_000);
  await start(context);
  const calls = async (): Promise<string> => await readFile(join(root, 'calls'), 'utf8').catch(() => '');
  await until(async () => (await calls()).includes('a.bin'), 60_000);
  const cause = 'hard links are refused there';
  const where = 'without hard links, Sluice removes files only on a disk of a Linux machine';
  const remedy = `delete such files yourself once sluice safe says so: ${where}`;
  assert.is(await calls(), `ingest: a.bin was copied and cannot be removed at the source: ${cause}; ${remedy}\n`);
  const said = async (...words: string[]): Promise<string> => (await sluice([...words, '--state', stateDir])).stdout;
  const status = await said('status');
  assert.match(status, `ingest: delete fails at the source: ${cause}, retry in`);
  assert.match(status, remedy);
  for (const text of [await said('show', 'a.bin'), await said('log')]) {
    assert.match(text, `not removed at the source: ${cause} (hide a.bin: NO_LINKS); ${remedy}`);
  }
  assert.equal(await readdir(mount.backing), ['a.bin']);
});

const reason = whyNoFaultMount();
if (reason === null) test.run();
else console.log(`SKIPPED tests/e2e/removal-no-links.test.ts: ${reason}`);
