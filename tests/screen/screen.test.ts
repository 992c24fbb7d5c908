import { fileOf } from '@sluice/core/fixtures';
import { type FileId, fileId } from '@sluice/core/model';
import { everything } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { act, hold } from '../../packages/core/test/operator/asking.ts';
import type { Scene } from '../../packages/core/test/support/scene.ts';
import { close, copied, failed, preflight, progress, published, rested, verified } from '../../packages/core/test/support/stages.ts';
import { atDestination, clip, entry } from '../../packages/core/test/support/words.ts';
import { createStage, rowsText, type Stage } from './screen-stage.ts';

const created = { kind: 'created', identity: { device: '41', inode: '7' } } as const;
const begins = (scene: Scene, path = 'a.mxf'): Scene =>
  scene
    .reports(preflight(scene, {}, path), path)
    .reports({ kind: 'creating' }, path)
    .reports(created, path);
const carries = (scene: Scene, path = 'a.mxf'): Scene =>
  begins(scene, path).reports(copied(), path).reports(verified, path).reports(published, path);
const breaks = (scene: Scene, path = 'a.mxf'): Scene => {
  scene.reports(failed(atDestination('EIO'), 2_500), path);
  return close(scene);
};

/** `a.mxf` failed at 50 % when the destination went offline, and waits as `a_1.mxf`; `b.mxf` waits, `c.mxf` is done. */
const broken = (): Stage =>
  createStage()
    .does((scene) => rested(scene.online(), entry('c.mxf')))
    .does((scene) => carries(scene, 'c.mxf'))
    .does((scene) => rested(scene, entry('a.mxf')))
    .does((scene) => begins(scene))
    .does((scene) => breaks(scene))
    .does((scene) => rested(scene.after(1_000), entry('b.mxf')));

test('watch: the first frame is complete, with a FAILED file above its recovery', async () => {
  const stage = broken();
  const { frame } = await stage.watch();
  assert.equal(rowsText(frame), ['a.mxf FAILED', '+ a_1.mxf READY', 'b.mxf READY', 'c.mxf COMPLETED']);
  assert.is(frame.seq, 1);
  assert.equal([frame.rows.total, frame.rows.matched, frame.rows.offset], [4, 4, 0]);
  const { etaMs, leftBytes, bytesPerSecond, ...counts } = frame.totals;
  assert.equal(counts, { needsYou: 0, recording: 0, waiting: 2, done: 1, failed: 0, recovered: 1 });
  assert.equal([etaMs, leftBytes], [null, 10_000]);
  // The average of the last seconds, even in an outage.
  assert.ok(bytesPerSecond > 0);
  assert.equal(
    frame.rows.rows.map(({ reason }) => reason.replace(/;.*/, '')),
    ['the destination went offline, at 50%', 'waits for the destination', 'waits for the destination', 'verified'],
  );
  const [route] = frame.routes;
  assert.is(route?.waiting, 2);
  assert.equal([route?.counts.COMPLETED, route?.counts.FAILED, route?.counts.READY, route?.recovered], [1, 1, 2, 1]);
  assert.not.ok(frame.verdict.ok);
  assert.is(frame.throughput.length, 60);
});

test('watch: hideRecovered, tabs, filters and sorts', async () => {
  const stage = broken();
  const client = await stage.watch({ hideRecovered: true });
  assert.equal(rowsText(client.frame), ['a_1.mxf READY', 'b.mxf READY', 'c.mxf COMPLETED']);
  const shown = async (change: object): Promise<string[]> => {
    const frame = await client.watch({ hideRecovered: false, tab: 'all', filter: '', sort: 'attention', isReversed: false, ...change });
    return [...rowsText(frame), `${frame.rows.matched}/${frame.rows.total}`];
  };
  assert.equal(await shown({ tab: 'waiting' }), ['a.mxf FAILED', '+ a_1.mxf READY', 'b.mxf READY', '3/3']);
  assert.equal(await shown({ tab: 'done' }), ['a.mxf FAILED', 'c.mxf COMPLETED', '2/2']);
  assert.equal(await shown({ tab: 'active' }), ['0/0']);
  assert.equal(await shown({ filter: 'state:failed' }), ['a.mxf FAILED', '1/4']);
  assert.equal(await shown({ filter: 'hold:network' }), ['a_1.mxf READY', 'b.mxf READY', '2/4']);
  assert.equal(await shown({ filter: 'A_1' }), ['a_1.mxf READY', '1/4']);
  assert.equal(await shown({ sort: 'name', isReversed: true }), [
    'c.mxf COMPLETED',
    'b.mxf READY',
    'a.mxf FAILED',
    '+ a_1.mxf READY',
    '4/4',
  ]);
  assert.equal(await shown({ offset: 1, limit: 1 }), ['+ a_1.mxf READY', '4/4']);
  assert.is(client.frame.seq, 9);
});

test('watch: an original is read from the journal only for the visible rows, and once', async () => {
  const stage = broken();
  const original = stage.scene.file().recoveryOf;
  const client = await stage.watch({ limit: 1, offset: 2 });
  assert.equal(stage.read, []);
  await client.watch({ limit: 2, offset: 0 });
  assert.equal(stage.read, [original]);
  await client.watch({ limit: 200 });
  stage.does((scene) => scene.online()).pass(1_000);
  assert.equal(stage.read, [original]);
});

test('watch: an original that the journal no longer has takes no row', async () => {
  const stage = broken();
  const original = stage.scene.file().recoveryOf;
  if (original !== null) stage.journal.delete(original);
  const { frame } = await stage.watch();
  assert.equal(rowsText(frame), ['a_1.mxf READY', 'b.mxf READY', 'c.mxf COMPLETED']);
  assert.equal([frame.rows.total, frame.rows.matched], [3, 3]);
});

test('watch: an original that the journal pruned while it was listed takes no row', async () => {
  const stage = broken();
  const client = await stage.watch({ limit: 1, offset: 2 });
  const original = stage.scene.file().recoveryOf;
  if (original !== null) stage.journal.delete(original);
  const frame = await client.watch({ limit: 200, offset: 0 });
  assert.equal(rowsText(frame), ['a_1.mxf READY', 'b.mxf READY', 'c.mxf COMPLETED']);
  assert.equal(rowsText(await client.watch({ tab: 'done' })), ['c.mxf COMPLETED']);
});

test('deltas: a change is reported, and nothing while there is none', async () => {
  const stage = createStage().does((scene) => rested(scene.online(), entry('a.mxf')));
  const client = await stage.watch();
  stage.pass(120_000);
  assert.is(client.deltas.length, 0);
  stage.does((scene) => begins(scene)).pass(1_000);
  assert.is(client.deltas.length, 1);
  assert.equal(rowsText(client.frame), ['a.mxf COPYING']);
  assert.equal(Object.keys(client.deltas[0]?.parts ?? {}), ['verdict', 'routes', 'totals']);
  assert.equal(
    client.deltas[0]?.rows?.changed.map(({ index }) => index),
    [0],
  );
});

test('deltas: at most four in a second, however much happens', async () => {
  const stage = createStage().does((scene) => rested(scene.online(), entry('a.mxf')));
  stage.does((scene) => begins(scene));
  const client = await stage.watch();
  const told: number[] = [];
  for (let bytes = 1; bytes <= 2_000; bytes += 1) {
    const before = client.deltas.length;
    stage.does((scene) => scene.reports(progress(bytes * 2))).pass(5);
    if (client.deltas.length > before) told.push(stage.scene.at());
    assert.ok(client.deltas.length - before <= 1);
  }
  assert.ok(told.length > 30, `${told.length} deltas in ten seconds`);
  told.forEach((at, index) => {
    assert.ok(at - (told[index - 4] ?? Number.NEGATIVE_INFINITY) >= 1_000, `five within a second of ${at}`);
  });
  stage.pass(250);
  assert.is(client.frame.rows.rows[0]?.file.copiedBytes, 4_000);
});

test('deltas: the time to the next probe decreases without a delta', async () => {
  const stage = createStage().does((scene) => rested(scene.offline(), entry('a.mxf')));
  const client = await stage.watch();
  stage.does((scene) => scene.offline());
  stage.scene.route().gate.nextProbeAt = stage.scene.at() + 600_000;
  stage.scene.route().gate.since = stage.scene.wall() - 3_600_000;
  stage.pass(500);
  assert.ok(Math.abs((client.frame.routes[0]?.nextProbeInMs ?? 0) - 600_000) <= 500);
  const before = client.deltas.length;
  stage.pass(20_000);
  assert.is(client.deltas.length, before);
  stage.scene.route().gate.nextProbeAt += 5_000;
  stage.pass(500);
  assert.is(client.deltas.length, before + 1);
});

test('deltas: a client that has not read the last one gets nothing, and then everything at once', async () => {
  const stage = broken();
  const client = await stage.watch();
  const other = await stage.watch();
  client.hasRead = false;
  stage.does((scene) => scene.online()).pass(1_000);
  stage.does((scene) => begins(scene)).pass(1_000);
  stage.does((scene) => scene.reports(progress(4_000))).pass(1_000);
  assert.is(client.deltas.length, 0);
  assert.ok(other.deltas.length >= 3);
  client.hasRead = true;
  stage.pass(250);
  assert.is(client.deltas.length, 1);
  assert.equal(client.frame.rows, other.frame.rows);
  assert.equal(client.frame.totals, other.frame.totals);
});

test('deltas: a hold and a gate change the reason of every file, and what a filter finds', async () => {
  const stage = broken();
  const network = await stage.watch({ filter: 'hold:network' });
  const operator = await stage.watch({ filter: 'hold:operator' });
  stage.does((scene) => hold(scene)).pass(1_000);
  assert.equal([rowsText(network.frame), rowsText(operator.frame)], [[], ['a_1.mxf READY', 'b.mxf READY']]);
  assert.equal(
    operator.frame.rows.rows.map(({ reason }) => reason),
    Array.from({ length: 2 }, () => 'its route is held by ann from 192.0.2.7 until it is released (the wrong take)'),
  );
  assert.is(operator.frame.routes[0]?.hold?.by, 'ann from 192.0.2.7');
});

test('deltas: every file that waits for a destination says what was found in its place', async () => {
  const stage = broken();
  const client = await stage.watch({ tab: 'waiting', hideRecovered: true });
  const said = (): string[] => client.frame.rows.rows.map(({ reason }) => reason.replace(/; (mount|connect).*/, ''));
  assert.equal(said(), ['waits for the destination', 'waits for the destination']);
  const finding = { kind: 'marker_differs', found: 'another', expected: 'm' } as const;
  stage.does((scene) => scene.offline({ cause: 'not_the_destination', code: 'MARKER', finding })).pass(1_000);
  const { destination } = stage.scene.route().settings;
  const strange = `waits for the destination: WRONG DISK: ${destination} is not the known destination`;
  assert.equal(said(), [strange, strange]);
});

test('deltas: sizes that change without a record are found, and sorted', async () => {
  const stage = createStage().does((scene) => scene.offline().sees(entry('big.bin', 9_000), clip('rec.mov', 1_000)));
  stage.does((scene) => scene.after(1_000).sees(clip('rec.mov', 2_000, 2)));
  const client = await stage.watch({ sort: 'size' });
  assert.equal(rowsText(client.frame), ['big.bin DISCOVERED', 'rec.mov GROWING']);
  const before = stage.scene.journal.length;
  stage.does((scene) => scene.after(50).sees(clip('rec.mov', 10_000, 3)));
  assert.is(stage.scene.journal.length, before, 'a size that moves is not journaled');
  stage.pass(500);
  assert.equal(rowsText(client.frame), ['rec.mov GROWING', 'big.bin DISCOVERED']);
  assert.is(client.frame.totals.leftBytes, 19_000);
});

test('rows: the anchor stays in the window while other files are inserted before it', async () => {
  const stage = createStage().does((scene) => rested(scene.offline(), entry('old.mxf')));
  const client = await stage.watch({ limit: 3, sort: 'age', anchor: stage.scene.file('old.mxf').id });
  const many = Array.from({ length: 10 }, (_, index) => entry(`new${index}.mxf`));
  stage.does((scene) => rested(scene, ...many)).pass(1_000);
  assert.is(client.frame.rows.matched, 11);
  assert.equal([client.frame.rows.offset, ...rowsText(client.frame)], [10, 'old.mxf READY']);
});

test('rows: a day after its end, a file that core has dropped is no longer listed', async () => {
  const stage = broken();
  stage.does((scene) => carries(begins(scene.online()) && scene)).pass(0);
  const client = await stage.watch();
  assert.equal(rowsText(client.frame).slice(-3), ['a.mxf FAILED', '+ a_1.mxf COMPLETED', 'c.mxf COMPLETED']);
  stage.scene.after(86_400_001);
  stage.pass(1_000);
  assert.equal(rowsText(client.frame).slice(-2), ['a_1.mxf COMPLETED', 'c.mxf COMPLETED']);
  assert.not.ok(rowsText(client.frame).includes('a.mxf FAILED'));
  assert.is(client.frame.totals.recovered, 0);
});

test('rows: a COMPLETED file whose source was replaced stays listed next to the new one', async () => {
  const stage = createStage().does((scene) => carries(rested(scene.online(), entry('c.mxf')), 'c.mxf'));
  const client = await stage.watch({ tab: 'done' });
  stage.does((scene) => rested(scene, entry('c.mxf', 7_000, 2))).pass(1_000);
  assert.equal(rowsText(client.frame), ['c.mxf COMPLETED']);
  assert.is(client.frame.totals.done, 1);
  assert.equal(rowsText(await client.watch({ tab: 'all' })).length, 2);
});

test('watch: if several windows are requested at once, the last one answers all requests', async () => {
  const stage = broken();
  const watcher = stage.screens.attach({ send: () => undefined, hasRead: () => true, close: () => undefined });
  const asked = [watcher.watch({ ...everything, tab: 'done' }), watcher.watch({ ...everything, tab: 'waiting' })];
  stage.settle();
  const [first, second] = await Promise.all(asked);
  assert.is(first, second);
  assert.is(second?.rows.matched, 3);
  assert.is(second?.seq, 1);
});

test('watch: a file that an operator moved to the front is marked until it is copied', async () => {
  const stage = broken();
  const { frame, deltas } = await stage.watch();
  assert.not.ok(frame.rows.rows.some(({ isFirst }) => isFirst));
  stage.does((scene) => act(scene, 'first', 'b.mxf')).pass(1_000);
  const marked = deltas.flatMap(({ rows }) => rows?.changed ?? []).filter(({ row }) => row.isFirst);
  assert.equal(new Set(marked.map(({ row }) => row.file.source)), new Set(['b.mxf']));
  const again = (await stage.watch()).frame;
  assert.equal(again.rows.rows.filter(({ isFirst }) => isFirst).length, 1);
  assert.is(rowsText(again)[0], 'b.mxf READY');
});

test('watch: a row says how far the removal of its source is, and what was lost; the frame says what needs a person', async () => {
  const idOf = (number: number): FileId => fileId(`${number}1111111-1111-4111-8111-111111111111`);
  const wall = 1_700_000_061_500;
  const alone = { recoveryOf: null, nameReason: null, endedAt: wall } as const;
  const removal = { to: { kind: 'delete' }, by: 'policy', step: 'waits', failures: 0, code: null } as const;
  const failing = { ...removal, failures: 3, code: 'EACCES', retryAt: wall + 600_000 };
  const stage = createStage({}, [
    fileOf('COMPLETED', { ...alone, id: idOf(1), source: 'pending.mxf', removal }),
    fileOf('COMPLETED_DELETE_FAILED', { ...alone, id: idOf(2), source: 'failing.mxf', removal: failing }),
    fileOf('COMPLETED', { ...alone, id: idOf(3), source: 'kept.mxf', afterCopy: 'none' }),
    fileOf('REMOVED', { ...alone, id: idOf(4), source: 'lost.mxf', isLost: true }),
  ]);
  stage.does((scene) => scene.online());
  const { frame } = await stage.watch();
  const rows = Object.fromEntries(frame.rows.rows.map((row) => [row.file.source, [row.removal, row.isLost]]));
  assert.equal(rows, {
    'pending.mxf': [{ to: 'delete', code: null }, undefined],
    'failing.mxf': [{ to: 'delete', code: 'EACCES', retryAt: new Date(wall + 600_000).toISOString() }, undefined],
    'kept.mxf': [undefined, undefined],
    'lost.mxf': [undefined, true],
  });
  assert.ok(frame.conditions?.some(({ kind, route, files }) => kind === 'files_lost' && route === 'ingest' && files === 1));
});

test('end: when the last client has left nothing is kept, and the next one starts again', async () => {
  const stage = broken();
  const [one, two] = [await stage.watch(), await stage.watch()];
  one.end();
  stage.does((scene) => act(scene, 'skip', 'b.mxf')).pass(1_000);
  assert.ok(two.deltas.length > 0);
  two.end();
  const { length } = stage.turns;
  stage.does((scene) => scene.sees(entry('d.mxf'))).pass(60_000);
  assert.is(stage.turns.length, length);
  assert.is(stage.timers(), 0);
  const rows = ['a.mxf FAILED', '+ a_1.mxf READY', 'd.mxf DISCOVERED', 'b.mxf READY', 'c.mxf COMPLETED'];
  assert.equal(rowsText((await stage.watch()).frame), rows);
});

test('end: a client that requests a window and leaves is refused, and does not delay the others', async () => {
  const stage = broken();
  const watcher = stage.screens.attach({ send: () => undefined, hasRead: () => true, close: () => undefined });
  const asked = watcher.watch({ ...everything, sort: 'name', limit: 9 });
  watcher.end();
  const why = await asked.then(
    () => 'answered',
    (error: Error) => error.message,
  );
  assert.is(why, 'nothing is shown any more');
  assert.is((await stage.watch()).frame.rows.matched, 4);
});

test('throughput: what is copied while no screen is open is reported too', async () => {
  const stage = createStage().does((scene) => rested(scene.online(), entry('a.mxf'), entry('b.mxf')));
  stage.does((scene) => begins(scene)).does((scene) => scene.reports(progress(3_000)));
  stage.pass(1_000);
  // A small file, between two samples.
  stage.does((scene) => carries(scene, 'b.mxf'));
  stage.does((scene) => scene.reports(progress(4_000))).pass(1_500);
  const { frame } = await stage.watch();
  const carried = frame.throughput.slice(0, -1).reduce((sum, rate) => sum + rate * 10, 0);
  const seconds = Math.max(1, Math.floor((stage.scene.at() % 10_000) / 1_000));
  assert.ok(Math.abs(carried + (frame.throughput.at(-1) ?? 0) * seconds - 9_000) <= 10);
  stage.does((scene) => scene.reports(copied()).reports(verified).reports(published)).pass(2_000);
  assert.is(stage.timers(), 1, 'only the screen is awake');
});

test('trouble: an unreadable journal is reported once and the rest is shown, and everything once it can be read', async () => {
  const stage = broken();
  const { get } = stage.journal;
  stage.journal.get = () => {
    throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' });
  };
  const client = await stage.watch();
  assert.equal(rowsText(client.frame), ['a_1.mxf READY', 'b.mxf READY', 'c.mxf COMPLETED']);
  assert.equal(stage.troubles, ['a part of the journal cannot be shown on the screen: disk I/O error']);
  stage.journal.get = get;
  stage.pass(1_000);
  assert.equal(rowsText(client.frame), ['a.mxf FAILED', '+ a_1.mxf READY', 'b.mxf READY', 'c.mxf COMPLETED']);
});

test('trouble: a fault of the screens closes them, and the next client gets one again', async () => {
  const stage = broken();
  const client = await stage.watch();
  const closed: string[] = [];
  let isBroken = false;
  const watcher = stage.screens.attach({
    send: () => undefined,
    hasRead() {
      if (isBroken) throw new Error('broken');
      return true;
    },
    close: (why) => void closed.push(why),
  });
  const asked = watcher.watch(everything);
  stage.settle();
  await asked;
  isBroken = true;
  stage.pass(1_000);
  assert.equal([closed.length, client.closed.length], [1, 1]);
  assert.match(stage.troubles.join(), /the screens could not be served: Error: broken/);
  assert.is(stage.timers(), 0);
  assert.is((await stage.watch()).frame.rows.matched, 4);
});

test.run();
