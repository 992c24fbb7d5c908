// real: it asks which timers this process has
import process from 'node:process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { intakeSuite, open } from './support/intake-suite.ts';

const test = intakeSuite('at rest');

/** The timers that keep this process alive. */
const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

test('serveIntake: watches for silence only while a command is under way, so that nothing wakes a process at rest', async (context) => {
  await context.source.write({ 'a.mov': 3 });
  const before = timers();
  const intake = open(context);
  assert.is(timers(), before);
  const listed = intake.list();
  const during = timers();
  await listed;
  await nextTurn();
  assert.ok(during > before);
  assert.is(timers(), before);
});

test.run();
