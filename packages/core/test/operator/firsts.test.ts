import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { limits } from '../../src/model/limits.ts';
import type { Scene } from '../support/scene.ts';
import { copied, open, preflight, published, rested, shut, verified } from '../support/stages.ts';
import { entry } from '../support/words.ts';
import { act, ann } from './asking.ts';

const named = (count: number): string[] => Array.from({ length: count }, (_, index) => `${String(index).padStart(4, '0')}.bin`);
const many = (count: number): ReturnType<typeof entry>[] => named(count).map((path) => entry(path));

/** Copies the files in preflight, one after the other. @returns their names in this order */
function copyAll(scene: Scene, count: number): string[] {
  const order: string[] = [];
  while (order.length < count) {
    const next = [...scene.route().byStatus.IN_QUEUE]
      .map((id) => scene.state.files.get(id))
      .find((file) => file !== undefined && 'copyId' in file && file.copyId !== null);
    if (next === undefined) throw new Error(`nothing is in preflight after ${order.join(', ')}`);
    order.push(next.source);
    for (const report of [preflight(scene, {}, next.source), { kind: 'creating' } as const, copied(), verified, published])
      scene.reports(report, next.source);
  }
  return order;
}

test('first: one of a hundred that wait for the network is the first one when the network is back', () => {
  const scene = rested(shut({ lanes: 1 }), ...many(100));
  act(scene, 'first', '0077.bin').online();
  assert.equal(copyAll(scene, 3), ['0077.bin', '0000.bin', '0001.bin']);
});

test('first: it does not wait for queued files, only for a lane', () => {
  const scene = rested(open({ lanes: 1 }), ...many(100));
  assert.equal(scene.route().byStatus.IN_QUEUE.size, 2);
  act(scene, 'first', '0077.bin');
  assert.equal(copyAll(scene, 3), ['0000.bin', '0077.bin', '0001.bin']);
});

test('first: it does not wait while a copy runs and the queue is full', () => {
  const scene = rested(open({ lanes: 1 }), ...many(100));
  scene.reports(preflight(scene, {}, '0000.bin'), '0000.bin');
  assert.equal([scene.route().byStatus.COPYING.size, scene.route().byStatus.IN_QUEUE.size], [1, 2]);
  act(scene, 'first', '0077.bin');
  for (const report of [copied(), verified, published]) scene.reports(report, '0000.bin');
  assert.equal(copyAll(scene, 2), ['0077.bin', '0001.bin']);
});

test('first: several files keep the order of the requests', () => {
  const scene = rested(shut({ lanes: 1 }), ...many(100));
  for (const path of ['0050.bin', '0040.bin', '0060.bin', '0050.bin']) act(scene, 'first', path);
  scene.online();
  assert.equal(copyAll(scene, 4), ['0040.bin', '0060.bin', '0050.bin', '0000.bin']);
});

test('first: ends the back-off of a file', () => {
  const scene = rested(open({ lanes: 1 }), entry('a.mxf'), entry('b.mxf'), entry('c.mxf'));
  scene.reports({
    kind: 'failed',
    fault: { side: 'source', code: 'EACCES', operation: 'open', message: '' },
    syncedBytes: 0,
    sizeBytes: 0,
  });
  assert.is(scene.hold(), 'backoff');
  act(scene, 'first');
  assert.equal(copyAll(scene, 3), ['b.mxf', 'a.mxf', 'c.mxf']);
});

test('first: a file that has not settled is copied first once it has', () => {
  const scene = rested(open({ lanes: 1 }), ...many(20)).sees(entry('late.bin'));
  act(scene, 'first', 'late.bin');
  scene.after(5_000).lists();
  assert.equal(copyAll(scene, 2), ['0000.bin', 'late.bin']);
});

test('first: kept over a restart, in the order of the requests', () => {
  const scene = rested(shut({ lanes: 1 }), ...many(100));
  for (const path of ['0050.bin', '0040.bin']) act(scene, 'first', path);
  scene.restarts().online();
  assert.equal([...scene.route().firsts], ['0050.bin', '0040.bin']);
  assert.equal(copyAll(scene, 3), ['0050.bin', '0040.bin', '0000.bin']);
});

test('first: it counts for one copy; later content is not copied first, also after a restart', () => {
  const scene = rested(open({ lanes: 1 }), ...many(3));
  act(scene, 'first', '0001.bin');
  copyAll(scene, 3);
  assert.is(scene.route().firsts.size, 0);
  assert.is(scene.restarts().route().firsts.size, 0);
});

test('first: forgotten if the file is skipped or removed from the source', () => {
  const scene = rested(shut(), ...many(3));
  for (const path of named(3)) act(scene, 'first', path);
  act(scene, 'skip', '0001.bin');
  scene.lists(['0002.bin']);
  assert.equal([...scene.route().firsts], ['0000.bin']);
  assert.equal([...scene.restarts().route().firsts], ['0000.bin']);
});

test('first: the operator is in the records of the file, and the order in those of its route', () => {
  const scene = rested(shut(), ...many(3));
  const seq = scene.journal.length;
  act(scene, 'first', '0001.bin');
  const [asked, list] = scene.journal.slice(seq);
  assert.ok(asked?.kind === 'file_fact' && list?.kind === 'route_fact');
  assert.equal(asked.event, { kind: 'asked', action: 'first', ...ann });
  assert.equal([list.key, list.event], ['first', { kind: 'first', sources: ['0001.bin'] }]);
});

test('first: beyond the limit the oldest are forgotten; their files are copied anyway', () => {
  const scene = rested(shut({ lanes: 1 }), ...many(limits.firsts + 2));
  for (const path of named(limits.firsts + 2)) act(scene, 'first', path);
  assert.is(scene.route().firsts.size, limits.firsts);
  scene.online();
  assert.equal(copyAll(scene, 1), ['0002.bin']);
});

test.run();
