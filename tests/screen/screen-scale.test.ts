import { fileOf } from '@sluice/core/fixtures';
import { fileId, type TrackedFile } from '@sluice/core/model';
import { everything } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { screenLimits } from '../../packages/agent/src/serve/screen/limits.ts';
import { type ScreenDelta, type ScreenFrame, type ScreenWindow, screenSorts } from '../../packages/control/src/protocol/screen-frame.ts';
import { ingest } from '../../packages/core/test/support/settings.ts';
import { entry } from '../../packages/core/test/support/words.ts';
import { createStage, type Stage } from './screen-stage.ts';

const count = 100_000;
/** The orders of ten watchers, all different. */
const windows: readonly ScreenWindow[] = [
  ...screenSorts.map((sort) => ({ ...everything, sort, offset: count / 2 })),
  { ...everything, filter: 'clip9' },
  { ...everything, filter: 'state:ready', sort: 'size' },
  { ...everything, filter: 'hold:network', sort: 'name', isReversed: true },
  { ...everything, tab: 'done', sort: 'age' },
  { ...everything, hideRecovered: true, anchor: idOf(777) },
];

/** One step more than the units after which no further slice begins. */
const maxUnits = screenLimits.sliceUnits + 2 * (windows.length + 1);

function idOf(number: number): string {
  return `${number.toString(16).padStart(8, '0')}-0000-4000-9000-000000000000`;
}

function manyFiles(): TrackedFile[] {
  const common = { route: ingest, nameReason: null, nameNumber: 0, recoveryOf: null };
  return Array.from({ length: count }, (_, index) => {
    const name = `day${index % 300}/clip${index}.mxf`;
    const sizeBytes = (index * 7919) % 1_000_003;
    const own = { ...common, id: fileId(idOf(index)), source: name, destination: name, fingerprint: { sizeBytes, mtimeNs: '1' } };
    return index % 5 === 0 ? fileOf('COMPLETED', { ...own, endedAt: 1_600_000_000_000 }) : fileOf('READY', own);
  });
}

function watchAll(stage: Stage) {
  const told = windows.map(() => 0);
  const answers = windows.map((window, index) => {
    const send = () => void (told[index] = (told[index] ?? 0) + 1);
    return stage.screens.attach({ send, hasRead: () => true, close: () => undefined }).watch(window);
  });
  return { told, answers };
}

const stage = createStage({}, manyFiles());

test(`work: with ${count} files and ten orders no event-loop turn does more than its slice`, async () => {
  const { answers } = watchAll(stage);
  stage.settle();
  const frames = await Promise.all(answers);
  assert.equal(
    frames.map(({ rows }) => rows.matched),
    [count, count, count, count, count, 11_111, 80_000, 80_000, 20_000, count],
  );
  assert.equal(frames[0]?.rows.rows.length, 200);
  assert.equal(
    frames.map(({ rows }) => rows.offset),
    [...screenSorts.map(() => count / 2), 0, 0, 0, 0, frames.at(-1)?.rows.offset],
  );
  assert.is(frames.at(-1)?.rows.rows[0]?.file.id, idOf(777));
  assert.ok(Math.max(...stage.turns) <= maxUnits, `${Math.max(...stage.turns)} units in one turn`);
  // Every file goes into every order once, and not repeatedly.
  const all = stage.turns.reduce((sum, units) => sum + units, 0);
  assert.ok(all <= count * (windows.length + 1) * 1.2, `${all} units`);
});

test('work: one change costs the same, however many files there are', () => {
  stage.pass(1_000);
  stage.turns.length = 0;
  stage.does((scene) => scene.sees(entry('one-more.mxf')));
  stage.pass(300);
  const all = stage.turns.reduce((sum, units) => sum + units, 0);
  assert.ok(all > 0 && all <= 4 * (windows.length + 1), `${all} units`);
});

test('work: when nothing changes, files are only compared', () => {
  stage.pass(1_000);
  stage.turns.length = 0;
  stage.pass(60_000);
  assert.is(
    stage.turns.reduce((sum, units) => sum + units, 0),
    0,
  );
});

test('work: a client that requests another order does not wait until others have been reported', async () => {
  // All the others are due.
  stage.scene.after(300);
  const watcher = stage.screens.attach({ send: () => undefined, hasRead: () => true, close: () => undefined });
  let matched: number | null = null;
  void watcher.watch({ ...everything, filter: 'clip8' }).then(({ rows }) => {
    matched = rows.matched;
  });
  stage.settle();
  await Promise.resolve();
  assert.is(matched, 11_111);
  watcher.end();
});

test('watch: the first answer shows the files known by then, the visible ones first, and the rest is reported later', async () => {
  const cold = createStage({}, manyFiles());
  let total = 0;
  const totals: ScreenFrame['totals'][] = [];
  const send = ({ rows, parts }: ScreenDelta) => {
    total = rows?.total ?? total;
    if (parts.totals !== undefined) totals.push(parts.totals);
  };
  const watcher = cold.screens.attach({ send, hasRead: () => true, close: () => undefined });
  const answers: ScreenFrame['rows'][] = [];
  void watcher.watch(everything).then((frame) => {
    answers.push(frame.rows);
    totals.push(frame.totals);
  });
  cold.turn(20);
  // No more than this is known by then.
  cold.scene.after(screenLimits.firstAnswerMs);
  cold.turn(screenLimits.slicesBetweenFrames);
  await Promise.resolve();
  const [first] = answers;
  assert.ok(first !== undefined);
  assert.is(first.rows.length, everything.limit);
  assert.ok(first.matched < count / 2, `${first.matched} of ${count}`);
  assert.is(first.rows[0]?.file.status, 'READY');
  assert.is(totals[0]?.isCounting, true, 'the bytes that are left are not all counted yet');
  cold.settle().pass(1_000);
  assert.is(total, count);
  assert.is(totals.at(-1)?.isCounting, undefined);
  // A client that has a frame can wait until another order is complete.
  let isAnswered = false;
  void watcher.watch({ ...everything, sort: 'name' }).then(() => void (isAnswered = true));
  cold.scene.after(screenLimits.firstAnswerMs);
  cold.turn(screenLimits.slicesBetweenFrames);
  await Promise.resolve();
  assert.not(isAnswered);
});

test('watch: records that core has dropped are read a few in each event-loop turn, each once', async () => {
  const stage = createStage();
  const endedAt = stage.scene.wall();
  for (const file of manyFiles().slice(0, 1_000)) stage.journal.set(file.id, fileOf('COMPLETED', { ...file, endedAt }));
  const watcher = stage.screens.attach({ send: () => undefined, hasRead: () => true, close: () => undefined });
  let frame: ScreenFrame | null = null;
  void watcher.watch(everything).then((answer) => void (frame = answer));
  let maxInTurn = 0;
  for (let turns = 0; frame === null && turns < 1_000; turns += 1) {
    const before = stage.read.length;
    stage.turn(1);
    await Promise.resolve();
    maxInTurn = Math.max(maxInTurn, stage.read.length - before);
  }
  assert.is((frame as ScreenFrame | null)?.rows.rows.length, everything.limit);
  assert.is(maxInTurn, screenLimits.readRecords);
  assert.is(stage.read.length, everything.limit);
  stage.pass(10_000);
  assert.is(stage.read.length, everything.limit);
  watcher.end();
});

test('watch: an unreadable journal makes no client wait, and is not asked again in every turn', async () => {
  const stage = createStage();
  const endedAt = stage.scene.wall();
  for (const file of manyFiles().slice(0, 300)) stage.journal.set(file.id, fileOf('COMPLETED', { ...file, endedAt }));
  const { get } = stage.journal;
  stage.journal.get = () => {
    throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' });
  };
  const rows: number[] = [];
  const send = (delta: ScreenDelta): void => void rows.push(delta.rows?.count ?? -1);
  const watcher = stage.screens.attach({ send, hasRead: () => true, close: () => undefined });
  void watcher.watch(everything).then((answer) => void rows.push(answer.rows.rows.length));
  stage.settle();
  await Promise.resolve();
  assert.equal(rows, [0]);
  assert.is(stage.read.length, screenLimits.readRecords);
  stage.journal.get = get;
  stage.pass(1_000);
  assert.is(Math.max(...rows), everything.limit);
  watcher.end();
});

test('work: an opening gate does not compare everything at once', () => {
  stage.turns.length = 0;
  stage.does((scene) => scene.online());
  stage.pass(2_000);
  assert.ok(Math.max(...stage.turns) <= maxUnits, `${Math.max(...stage.turns)} units in one turn`);
});

test.run();
