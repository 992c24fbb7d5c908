// group: storage
import * as assert from 'uvu/assert';
import { brief, intakeSuite, quiet, start } from './support/intake-suite.ts';
import { onTmpfs } from './support/on-tmpfs.ts';

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

test.run();
