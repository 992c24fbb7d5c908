import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ProgrammingError } from '../../src/model/assert.ts';
import { percentOf, type Status, statuses, type TrackedFile } from '../../src/model/file.ts';
import { mayMove, move, transitions } from '../../src/state/work.ts';
import type { Scene } from '../support/scene.ts';
import { ingest } from '../support/settings.ts';
import {
  awaitingNetwork,
  awaitingSpace,
  close,
  completed,
  copied,
  copying,
  failed,
  following,
  inPreflight,
  open,
  progress,
  publishing,
  queued,
  ready,
  recorded,
  recordingInPreflight,
  rested,
  shut,
  verifying,
} from '../support/stages.ts';
import { anyEvent, atDestination, atSource, entry } from '../support/words.ts';

const growing = (): Scene =>
  open()
    .sees(entry('a.mxf'))
    .sees(entry('a.mxf', 6_000, 2));
const gone = (scene: Scene): Scene => scene.lists(['a.mxf']);
const operator = { by: 'ann', reason: null };

/** A scenario for every change of state, with the state in which it ends. */
const stories: { readonly [pair: string]: () => Scene } = {
  'DISCOVERED > GROWING': growing,
  'DISCOVERED > READY': () => rested(shut(), entry('a.mxf')),
  'DISCOVERED > REMOVED': () => gone(open().sees(entry('a.mxf'))),
  'GROWING > READY': () => recorded(shut()),
  'GROWING > REMOVED': () => gone(growing()),
  'READY > IN_QUEUE': () => ready().online(),
  'READY > DISCOVERED': () => {
    const scene = ready();
    const ask = (what: 'skip' | 'retry'): Scene =>
      scene.send({ kind: 'operator_asked', action: { do: what, route: ingest, source: 'a.mxf' }, who: operator });
    ask('skip');
    return ask('retry');
  },
  'READY > GROWING': () => ready().sees(entry('a.mxf', 6_000, 2)),
  'READY > REMOVED': () => gone(ready()),
  'WAITING_FOR_NETWORK > READY': () => awaitingNetwork().online(),
  'WAITING_FOR_NETWORK > REMOVED': () => gone(awaitingNetwork()),
  'WAITING_FOR_SPACE > READY': () => {
    const scene = awaitingSpace().after(30_000);
    scene.route().gate.askedAt = scene.at();
    return scene.online();
  },
  'WAITING_FOR_SPACE > REMOVED': () => gone(awaitingSpace()),
  'IN_QUEUE > COPYING': copying,
  'IN_QUEUE > GROWING_COPY': following,
  'IN_QUEUE > WAITING_FOR_NETWORK': awaitingNetwork,
  'IN_QUEUE > WAITING_FOR_SPACE': awaitingSpace,
  'IN_QUEUE > READY': () => close(inPreflight()),
  'IN_QUEUE > GROWING': () => inPreflight().reports({ kind: 'held_by_writer', code: 'EBUSY' }),
  'IN_QUEUE > FAILED': () => inPreflight().reports(failed(atSource('EACCES'))),
  'IN_QUEUE > REMOVED': () => gone(queued()),
  'COPYING > GROWING_COPY': () => copying().reports({ kind: 'source_grew', sizeBytes: 6_000 }),
  'COPYING > VERIFYING': verifying,
  'COPYING > FAILED': () => copying().reports(failed(atSource('EIO'), 10)),
  'COPYING > READY': () => copying().reports({ kind: 'withdrawn', left: false }),
  'GROWING_COPY > VERIFYING': () => following().reports(copied(3_000, 3)),
  'GROWING_COPY > FAILED': () => close(following().reports(progress(2_000, 3_000))),
  'GROWING_COPY > READY': () => following().reports({ kind: 'withdrawn', left: false }),
  'VERIFYING > COMPLETED': completed,
  'VERIFYING > FAILED': () => verifying().reports(failed(atDestination('MISMATCH'))),
  'VERIFYING > GROWING_COPY': () => verifying().reports({ kind: 'source_moved', sizeBytes: 6_000 }),
  'VERIFYING > READY': () => verifying().reports({ kind: 'withdrawn', left: false }),
};

/** Allowed changes that nothing causes yet: sources are not removed after the copy. */
const notBuilt = ['COMPLETED > COMPLETED_DELETE_FAILED', 'COMPLETED_DELETE_FAILED > COMPLETED'];

const allowed = statuses.flatMap((from) => transitions[from].map((to) => `${from} > ${to}`));

test('transitions: every change of state has a scenario here', () => {
  assert.equal([...Object.keys(stories), ...notBuilt].sort(), [...allowed].sort());
});

for (const [pair, story] of Object.entries(stories)) {
  test(`transitions: ${pair}`, () => {
    const seen = story().journal.flatMap((record) =>
      record.kind === 'transition' && record.from !== null ? [`${record.from} > ${record.to}`] : [],
    );
    assert.ok(seen.includes(pair), seen.join(', '));
  });
}

test('transitions: a tracked file begins as DISCOVERED only', () => {
  assert.equal(
    statuses.filter((status) => mayMove(null, status)),
    ['DISCOVERED'],
  );
});

test('transitions: FAILED and REMOVED are final', () => {
  assert.equal(transitions.FAILED, []);
  assert.equal(transitions.REMOVED, []);
});

test('transitions: every state but the first can be reached, and every state that is not final can be left', () => {
  const reached = new Set(statuses.flatMap((from) => transitions[from]));
  assert.equal(
    statuses.filter((status) => !reached.has(status)),
    [],
    'DISCOVERED is reached again, from READY',
  );
  assert.equal(
    statuses.filter((status) => transitions[status].length === 0),
    ['FAILED', 'REMOVED'],
  );
});

/** A file of each state, at the end of a scenario. */
const samples: { readonly [S in Status]: () => Scene } = {
  DISCOVERED: () => open().sees(entry('a.mxf')),
  GROWING: growing,
  READY: ready,
  WAITING_FOR_NETWORK: awaitingNetwork,
  WAITING_FOR_SPACE: awaitingSpace,
  IN_QUEUE: recordingInPreflight,
  COPYING: copying,
  GROWING_COPY: following,
  VERIFYING: publishing,
  COMPLETED: completed,
  COMPLETED_DELETE_FAILED: () => {
    const scene = completed();
    return scene.within((work) => move(work, { ...scene.as('COMPLETED'), status: 'COMPLETED_DELETE_FAILED' }, anyEvent));
  },
  FAILED: () =>
    verifying()
      .reports({ kind: 'verified', readback: 'direct', sourceGone: true })
      .reports(failed(atDestination('EIO')))
      .online(),
  REMOVED: () => gone(ready()),
};

test('transitions: each sample is in its state', () => {
  for (const status of statuses) assert.is(samples[status]().file().status, status);
});

for (const from of statuses) {
  test(`transitions: ${from} changes only as the table allows`, () => {
    for (const to of statuses) {
      const scene = samples[from]();
      const before = scene.file();
      const written = scene.journal.length;
      const target = { ...samples[to]().file(), id: before.id, source: before.source } as TrackedFile;
      const change = (): Scene => scene.within((work) => move(work, target, anyEvent));
      if (transitions[from].includes(to)) {
        assert.is(change().file().status, to);
        continue;
      }
      assert.throws(change, (error: unknown) => error instanceof ProgrammingError && error.message.includes(`${from} cannot become ${to}`));
      assert.is(scene.file(), before, `${from} > ${to} left a trace`);
      assert.is(scene.journal.length, written);
    }
  });
}

test('transitions: COMPLETED_DELETE_FAILED and back', () => {
  const scene = samples.COMPLETED_DELETE_FAILED();
  scene.within((work) => move(work, { ...scene.as('COMPLETED_DELETE_FAILED'), status: 'COMPLETED' }, anyEvent));
  assert.is(scene.file().status, 'COMPLETED');
});

for (const [copied, size, percent] of [
  [0, 1_000, 0],
  [452, 1_000, 45.2],
  [4_529, 10_000, 45.2],
  [1, 3, 33.3],
  [2, 3, 66.6],
  [999_999, 1_000_000, 99.9],
  [1_000, 1_000, 100],
  [1_001, 1_000, 100],
  [0, 0, 0],
  [5, 0, 0],
  [57, 100, 57],
  [7e15, 9e15, 77.7],
] as const) {
  test(`percentOf: ${copied} of ${size} is ${percent}`, () => {
    assert.is(percentOf(copied, size), percent);
  });
}

test('percentOf: one decimal, 0 to 100, 100 only if all bytes are there', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1 }), (copied, size) => {
      const percent = percentOf(copied, size);
      assert.match(String(percent), /^\d{1,3}(\.\d)?$/);
      assert.is(percent === 100, copied >= size);
      assert.ok(percentOf(copied + 1, size) >= percent);
    }),
  );
});

test.run();
