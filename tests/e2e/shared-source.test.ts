// timeout: 240s
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { whyNoFaultMount } from '../bed/fault-mount.ts';
import { makeFile, sha256 } from '../bed/folders.ts';
import { completedOn, makeSharedSource, removeSharedSource, type SharedSource, startRoutes } from '../bed/shared-source.ts';

const test = suite<SharedSource>('several destinations of one source');

test.before.each(async (context) => {
  Object.assign(context, await makeSharedSource());
});
test.after.each(removeSharedSource);

const fileBytes = 48_000_000;

for (const count of [1, 2, 3]) {
  test(`the bytes of the source are read once, with ${count} of them`, async (context) => {
    const { folders, source } = context;
    await makeFile(join(source.backing, 'a.mxf'), fileBytes);
    const paths = Array.from({ length: count }, (_, n) => join(folders.root, `d${n}`));
    for (const path of paths) await mkdir(path);
    const agent = await startRoutes(context, Object.fromEntries(paths.map((path, n) => [`r${n}`, path])), '24MB');
    const done = await Promise.all(paths.map((_, n) => completedOn(agent, `r${n}`)));
    const readBytes = await source.readBytes();
    console.log(`  measured: ${(readBytes / fileBytes).toFixed(3)} times the file, for ${count}`);
    // One chunk of twelve may be read twice where two begin in the same moment.
    assert.ok(readBytes >= fileBytes && readBytes < 1.1 * fileBytes, `${readBytes} bytes were read of ${fileBytes}`);
    assert.is(new Set(done.map(({ hash }) => hash?.value)).size, 1);
    for (const path of paths) assert.is(await sha256(join(path, 'a.mxf')), await sha256(join(source.backing, 'a.mxf')));
    await agent.stop();
  });
}

const why = whyNoFaultMount();
if (why === null) test.run();
else console.log(`skipped: several destinations of one source: ${why}`);
