// timeout: 240s
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { whyNoFaultMount } from '../bed/fault-mount.ts';
import { makeFile, sha256 } from '../bed/folders.ts';
import { completedOn, makeSharedSource, removeSharedSource, type SharedSource, startRoutes } from '../bed/shared-source.ts';
import { stopAgents } from '../bed/sluice.ts';

const test = suite('several destinations of one source');
const contexts: SharedSource[] = [];

test.after(async () => {
  await stopAgents();
  for (const context of contexts) await removeSharedSource(context);
});

const fileBytes = 48_000_000;

/** Copies one file to this many destinations. @returns bytes read from the source, in multiples of the file size */
async function readsFor(count: number): Promise<number> {
  const context = await makeSharedSource();
  contexts.push(context);
  const { folders, source } = context;
  await makeFile(join(source.backing, 'a.mxf'), fileBytes);
  const paths = Array.from({ length: count }, (_, n) => join(folders.root, `d${n}`));
  for (const path of paths) await mkdir(path);
  const agent = await startRoutes(context, Object.fromEntries(paths.map((path, n) => [`r${n}`, path])), '24MB');
  const done = await Promise.all(paths.map((_, n) => completedOn(agent, `r${n}`)));
  const readBytes = await source.readBytes();
  assert.is(new Set(done.map(({ hash }) => hash?.value)).size, 1);
  for (const path of paths) assert.is(await sha256(join(path, 'a.mxf')), await sha256(join(source.backing, 'a.mxf')));
  await agent.stop();
  return readBytes / fileBytes;
}

// The three run at the same time: the source is a FUSE filesystem, and each file is copied only after it has been unchanged for
// as long as such a filesystem may cache attributes.
test('the source is read once, with one, two and three destinations', async () => {
  const reads = await Promise.all([1, 2, 3].map(readsFor));
  console.log(`  measured: ${reads.map((each) => each.toFixed(3)).join(', ')} times the file`);
  // One of the 24 chunks may be read twice if two copies begin at the same moment.
  for (const each of reads) assert.ok(each >= 1 && each < 1.1, `the file was read ${each} times`);
});

const why = whyNoFaultMount();
if (why === null) test.run();
else console.log(`skipped: several destinations of one source: ${why}`);
