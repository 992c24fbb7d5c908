// group: storage
import { appendFile, rm, writeFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { brief, intakeSuite, quiet, start } from './support/intake-suite.ts';
import { onDiskWithoutKinds, onTmpfs } from './support/mounted.ts';

const test = intakeSuite('intake on another disk');

test('runIntake: on another disk than before it reports every file, removes none, and reports the other disk', async (context) => {
  const { source } = context;
  await source.write({ 'a.mov': 3 });
  const intake = start(context);
  await intake.list();
  const wasMounted = await onTmpfs(source.root, 'on another disk than before', async () => {
    for (let round = 0; round < 3; round += 1) {
      if (round === 1) await source.write({ 'stray.mov': 1 });
      const listed = await intake.list();
      assert.equal(brief(listed), { paths: round === 1 ? ['stray.mov'] : [], failed: 'OTHER_ROOT' });
      assert.equal(
        listed.states.map(({ state, code }) => [state, code]),
        round === 0 ? [['suddenly_empty', 'OTHER_ROOT']] : [],
      );
      assert.equal((await intake.check('a.mov')).answer.absent, []);
    }
  });
  if (!wasMounted) return;
  const back = await intake.list();
  assert.equal([brief(back), back.states[0]?.state], [quiet, 'ok']);
  assert.equal(brief(await intake.list()), { paths: [], vanished: ['stray.mov'] });
});

test('runIntake: a disk mounted again that has a known file is the source again', async (context) => {
  const { source } = context;
  await source.write({ 'a.mov': 3, 'b.mov': 4 });
  const intake = start(context);
  await intake.list();
  await onTmpfs(source.root, 'a disk mounted again', async () => {
    await source.write({ 'a.mov': 9 });
    assert.equal(brief(await intake.list()), { paths: ['a.mov'], vanished: [] });
    assert.equal(brief(await intake.list()), { paths: [], vanished: ['b.mov'] });
  });
});

test('runIntake: names without kinds, one of them not valid UTF-8: a quick listing has the folder, and the watch what is below it', async (context) => {
  const { source } = context;
  await source.write({ 'top.mov': 1, 'd/ours': 1 });
  await onDiskWithoutKinds(source.path('d'), 'names without kinds', async () => {
    await source.write({ 'd/a.mov': 1, 'd/sub/b.mov': 1 });
    await writeFile(Buffer.concat([Buffer.from(`${source.path('d')}/q`), Buffer.from([0xff])]), 'x');
    const intake = start(context);
    assert.equal(brief(await intake.list()), { paths: ['d/a.mov', 'd/q\ufffd', 'd/sub/b.mov', 'top.mov'], vanished: [] });
    await source.write({ 'd/new.mov': 1, 'd/sub/new.mov': 1 });
    assert.equal(brief(await intake.list(false, true)), { paths: ['d/new.mov', 'd/sub/new.mov'], vanished: [] });
    for (let round = 0; round < 2; round += 1) assert.equal(brief(await intake.list(false, true)), quiet);
    // The watch begins after the first listing, so the file grows until that is noticed.
    const growing = setInterval(() => void appendFile(source.path('d/sub/b.mov'), 'x'), 100);
    await intake.reported('paths_noticed', ({ paths }) => paths.includes('d/sub/b.mov')).finally(() => clearInterval(growing));
    await rm(source.path('d/a.mov'));
    assert.equal(brief(await intake.list(false, true)), { paths: ['d/sub/b.mov'], vanished: [] });
    assert.equal(brief(await intake.list(false, true)), { paths: [], vanished: ['d/a.mov'] });
  });
});

test.run();
