import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Scene } from '../support/scene.ts';
import {
  awaitingNetwork,
  awaitingSpace,
  copying,
  failed,
  following,
  inPreflight,
  open,
  preflight,
  publishing,
  queued,
  ready,
  recorded,
  shut,
} from '../support/stages.ts';
import { atSource, entry } from '../support/words.ts';

const waits: readonly (readonly [string, () => Scene])[] = [
  ['DISCOVERED', () => open().sees(entry('a.mxf'))],
  [
    'GROWING',
    () =>
      open()
        .sees(entry('a.mxf'))
        .sees(entry('a.mxf', 6_000, 2)),
  ],
  ['READY', ready],
  ['READY', () => recorded(shut())],
  ['WAITING_FOR_NETWORK', awaitingNetwork],
  ['WAITING_FOR_SPACE', awaitingSpace],
  ['IN_QUEUE', queued],
];

for (const [status, given] of waits) {
  test(`removed: from ${status}, by a listing without it`, () => {
    const scene = given();
    assert.is(scene.file().status, status);
    scene.lists(['a.mxf']);
    assert.ok(scene.last.wrote.includes(`a.mxf: ${status} > REMOVED (source_gone)`));
    assert.ok(scene.as('REMOVED').sourceGone);
    assert.is(scene.as('REMOVED').endedAt, scene.wall());
  });

  test(`removed: from ${status}, by a check that does not find it`, () => {
    const scene = given().checks({ absent: ['a.mxf'] });
    assert.ok(scene.last.wrote.includes(`a.mxf: ${status} > REMOVED (source_gone)`));
  });
}

const goesOn: readonly (readonly [string, () => Scene])[] = [
  ['IN_QUEUE', inPreflight],
  ['COPYING', copying],
  ['GROWING_COPY', following],
  ['VERIFYING', publishing],
];

for (const [status, given] of goesOn) {
  test(`removed: not from ${status} while a carrier has the source open`, () => {
    const scene = given().lists(['a.mxf']);
    assert.equal(scene.last.wrote, []);
    assert.is(scene.file().status, status);
  });
}

test('removed: nothing follows, and nothing is kept for it', () => {
  const scene = ready().lists(['a.mxf']);
  assert.is(scene.state.alarms.earliest(), null);
  assert.is(scene.route().movable.size, 0);
  assert.is(scene.route().names.get('a.mxf'), undefined);
  assert.equal(scene.online().last.asked, []);
});

test('removed: a check after its alarm is enough', () => {
  const scene = open().sees(entry('a.mxf')).pass(5_000);
  assert.equal(scene.last.asked, ['check a.mxf']);
  assert.is(scene.checks({ absent: ['a.mxf'] }).file().status, 'REMOVED');
});

test('removed: hidden files of an earlier attempt are swept anyway', () => {
  const scene = inPreflight();
  scene
    .reports(preflight(scene))
    .reports({ kind: 'creating' })
    .reports(failed(atSource('EIO'), 10));
  assert.is(scene.file().leftParts.length, 1);
  const { leftParts } = scene.file();
  scene.lists(['a.mxf']);
  assert.is(scene.file().status, 'REMOVED');
  const sweep = scene.last.effects.find((effect) => effect.kind === 'remove_parts');
  assert.equal(sweep?.kind === 'remove_parts' && sweep.parts, leftParts);
});

test('removed: a waiting file that was emptied and settles is lost, and no empty copy is made', () => {
  const scene = ready().sees(entry('a.mxf', 0, 2));
  assert.is(scene.file().status, 'GROWING');
  scene.after(5_000).lists();
  assert.is(scene.file().status, 'REMOVED');
  assert.equal(scene.last.wrote.at(-1), 'a.mxf: GROWING > REMOVED (emptied)');
  assert.ok(scene.route().lost.has(scene.file().id));
  scene.sees(entry('a.mxf', 0, 3));
  assert.is(scene.file().status, 'REMOVED');
  scene.sees(entry('a.mxf', 7_000, 4));
  assert.equal([scene.file().status, scene.route().lost.size], ['DISCOVERED', 0]);
});

test('removed: an unknown empty file is ignored', () => {
  const scene = ready().sees(entry('b.mxf', 0, 2));
  assert.equal(scene.last.wrote, []);
});

test.run();
