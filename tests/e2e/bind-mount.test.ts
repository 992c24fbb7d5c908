// group: package
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { whyNoBed } from '../bed/bed-folder.ts';
import { type Folders, hashCopies, hashTree, makeFile, makeMemoryFolders } from '../bed/folders.ts';
import { sluice } from '../bed/sluice.ts';
import { run } from '../bed/tool.ts';

const whyNot = whyNoBed(['mount', 'umount']);
if (whyNot !== null) console.log(`skipped: bind mounts: ${whyNot}`);
else {
  const test = suite<{ folders: Folders }>('bind mount');

  test.before.each(async (context) => {
    context.folders = await makeMemoryFolders();
    await makeFile(join(context.folders.source, 'day1/a.mov'), 1_000);
  });
  test.after.each(({ folders }) => folders.remove());

  for (const [what, shown, from, says] of [
    ['of the source', '', '', /source and destination of route "default" are the same folder/],
    ['of a folder in the source', 'day1', '', /the destination of route "default" .* lies inside the source/],
    ['of a folder around the source', '', 'day1', /the source of route "default" .* lies inside the destination/],
  ] as const) {
    test(`bind mount: a destination that is a bind mount of ${what} is refused, and nothing is written`, async ({ folders }) => {
      const { source, destination, stateDir } = folders;
      const before = await readdir(source, { recursive: true });
      await run('mount', ['--bind', join(source, shown), destination]);
      for (const command of ['check', 'run']) {
        const { code, stderr } = await sluice([command, '--from', join(source, from), '--to', destination, '--state', stateDir]);
        assert.is(code, 2, command);
        assert.match(stderr, says);
      }
      assert.equal(await readdir(source, { recursive: true }), before);
    });
  }

  test('bind mount: one of another folder of the same disk is accepted as a destination', async ({ folders }) => {
    const { root, source, destination, stateDir } = folders;
    const other = join(root, 'other');
    await mkdir(other);
    await run('mount', ['--bind', other, destination]);
    const args = ['run', '--from', source, '--to', destination, '--state', stateDir, '--until-idle', '--stable-after', '1s'];
    assert.is((await sluice(args)).code, 0);
    assert.equal(await hashCopies(other), await hashTree(source));
  });

  test.run();
}
