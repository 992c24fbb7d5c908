import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Event } from '../../src/messages/event.ts';
import { ProgrammingError } from '../../src/model/assert.ts';
import { copyId, fileId, probeId, routeName } from '../../src/model/ids.ts';
import { brokenStories, contradictions } from '../support/consistency.ts';
import { everyReport } from '../support/reports.ts';
import type { Scene } from '../support/scene.ts';
import { ingest } from '../support/settings.ts';
import {
  awaitingNetwork,
  awaitingSpace,
  close,
  comparing,
  completed,
  copied,
  copying,
  failed,
  following,
  followingHidden,
  inPreflight,
  open,
  preflight,
  progress,
  published,
  publishing,
  queued,
  ready,
  recorded,
  recordingInPreflight,
  rested,
  shut,
  stalled,
  verified,
  verifying,
  verifyingRecording,
} from '../support/stages.ts';
import { atDestination, atSource, clip, entry } from '../support/words.ts';

/** Every state of a file. */
const states: { readonly [state: string]: () => Scene } = {
  discovered: () => open().sees(entry('a.mxf')),
  growing: () =>
    open()
      .sees(entry('a.mxf'))
      .sees(entry('a.mxf', 6_000, 2)),
  'a name that cannot be copied': () => open().sees(entry('a.mxf', 5_000, 1, { nameValid: false })),
  ready,
  'a recording that is ready': () => recorded(shut()),
  pausing: () => copying().reports(failed(atSource('EIO'), 10)),
  'needs a person': () => copying({ route: { maxAttempts: 1 } }).reports(failed(atSource('EIO'), 10)),
  queued,
  looking: inPreflight,
  recordingInPreflight,
  awaitingNetwork,
  awaitingSpace,
  copying,
  comparing,
  'copying, and silent': () => copying().reports(stalled()),
  'copying, and failed': () => copying().reports(failed(atDestination('EIO'), 10)),
  following,
  followingHidden,
  verifying,
  'verifying, to be read afresh': () => verifying().reports({ kind: 'direct_refused' }),
  verifyingRecording,
  publishing,
  claiming: () => publishing().reports({ kind: 'link_refused', code: 'EPERM' }),
  'publishing, and the gate is closed': () => close(publishing()),
  completed,
  'completed, and to be hashed': () =>
    completed()
      .sees(entry('a.mxf', 5_000, 2))
      .after(5_000)
      .lists(),
  'failed, and gone': () =>
    verifying()
      .reports({ kind: 'verified', readback: 'direct', sourceGone: true })
      .reports(failed(atDestination('EIO')))
      .online(),
  removed: () => ready().lists(['a.mxf']),
  'stopping, and withdrawing': () => copying().send({ kind: 'stop_requested', by: 'ann', mode: 'graceful' }),
  stopped: () => publishing().send({ kind: 'stop_requested', by: 'ann', mode: 'graceful' }).send({ kind: 'stop_deadline' }),
};

const mount = { path: '/mnt/ingest', mountId: 41 };
const mark = { from: 'a.mxf', to: 'a.mxf.failed-00000000', leastBytes: 1 };
const operator = { by: 'ann', reason: null };

/** Every other event, for a file in any state. */
const happenings: { readonly [what: string]: (scene: Scene) => Event } = {
  'agent started': () => ({ kind: 'agent_started' }),
  tick: () => ({ kind: 'tick' }),
  'journal resumed': () => ({ kind: 'journal_resumed' }),
  'stop, gracefully': () => ({ kind: 'stop_requested', by: 'ann', mode: 'graceful' }),
  'stop, drained': () => ({ kind: 'stop_requested', by: 'ann', mode: 'drain' }),
  'stop, at last': () => ({ kind: 'stop_deadline' }),
  'source missing': () => ({
    kind: 'source_state',
    route: ingest,
    state: 'missing',
    code: 'ENOENT',
    unreadPath: null,
    freeBytes: null,
    cacheMs: 0,
    description: null,
  }),
  'seen as it was': () => ({ kind: 'entries_seen', route: ingest, entries: [entry('a.mxf')] }),
  'seen larger': () => ({ kind: 'entries_seen', route: ingest, entries: [clip('a.mxf', 9_000, 9)] }),
  'seen smaller': () => ({ kind: 'entries_seen', route: ingest, entries: [entry('a.mxf', 1, 10)] }),
  'seen empty': () => ({ kind: 'entries_seen', route: ingest, entries: [entry('a.mxf', 0, 11)] }),
  'seen with another time': () => ({ kind: 'entries_seen', route: ingest, entries: [entry('a.mxf', 5_000, 12)] }),
  'a clip of a number seen': () => ({ kind: 'entries_seen', route: ingest, entries: [entry('a_1.mxf')] }),
  noticed: () => ({ kind: 'paths_noticed', route: ingest, paths: ['a.mxf', 'never seen'] }),
  'checked, and there': (scene) => pathsChecked(scene, ['a.mxf'], []),
  'checked, and gone': (scene) => pathsChecked(scene, [], ['a.mxf', 'never seen']),
  'listed, and gone': (scene) => listed(scene, ['a.mxf', 'never seen']),
  'listed, and there': (scene) => listed(scene, []),
  'a listing failed': (scene) => ({ kind: 'listing_failed', route: ingest, listingId: listingOf(scene), code: 'EIO' }),
  'the intake is a new one': () => ({ kind: 'intake_restarted', route: ingest }),
  'a good probe': (scene) =>
    probed(scene, { kind: 'good', mount, space: { totalBytes: 1e6, freeBytes: 1e6 }, isFull: false, description: '', marker: null }),
  'a full disk': (scene) =>
    probed(scene, { kind: 'good', mount, space: { totalBytes: 1e6, freeBytes: 0 }, isFull: true, description: '', marker: 'm' }),
  'no marker': (scene) => probed(scene, { kind: 'unmarked', mount, description: '' }),
  'a bad probe': (scene) =>
    probed(scene, { kind: 'bad', cause: 'timeout', code: 'SILENT', finding: { kind: 'no_answer', deadlineMs: 10_000 }, description: null }),
  'a marker refused': () => ({
    kind: 'marker_refused',
    route: ingest,
    result: { kind: 'bad', cause: 'unreachable', code: 'EIO', finding: { kind: 'marker_refused', operation: 'link' }, description: null },
  }),
  'a marker written': () => ({ kind: 'marker_written', route: ingest, marker: 'm' }),
  'the prober hangs': () => ({ kind: 'prober_hung', route: ingest, pids: [1, 2, 3] }),
  'the carrier is gone': (scene) => ({ kind: 'carrier_lost', route: ingest, copyIds: [copyOf(scene)], code: 'SIGKILL' }),
  'parts removed': (scene) => ({
    kind: 'parts_removed',
    route: ingest,
    sweepId: [...scene.route().sweeping.keys()][0] ?? ('none' as never),
    removed: scene.file().leftParts,
    kept: [],
  }),
  'a leftover marked': (scene) => ({ kind: 'leftover_marked', route: ingest, fileId: scene.file().id, mark, outcome: 'done' }),
  retry: () => ({ kind: 'operator_asked', action: { do: 'retry', route: ingest, source: 'a.mxf' }, who: operator }),
  skip: () => ({ kind: 'operator_asked', action: { do: 'skip', route: ingest, source: 'a.mxf' }, who: operator }),
  first: () => ({ kind: 'operator_asked', action: { do: 'first', route: ingest, source: 'a.mxf' }, who: operator }),
  hold: () => ({ kind: 'operator_asked', action: { do: 'hold', route: ingest, until: null }, who: operator }),
  release: () => ({ kind: 'operator_asked', action: { do: 'release', route: ingest }, who: operator }),
  adopt: () => ({ kind: 'operator_asked', action: { do: 'adopt', route: ingest }, who: operator }),
};

const reports = everyReport.map((report): [string, (scene: Scene) => Event] => [
  `says ${JSON.stringify(report)}`,
  (scene) => ({ kind: 'copy_reported', route: ingest, fileId: scene.file().id, copyId: copyOf(scene), report }),
]);

const everything: readonly (readonly [string, (scene: Scene) => Event])[] = [...Object.entries(happenings), ...reports];

/** The running copy or hash of the file. */
function copyOf(scene: Scene) {
  const file = scene.file();
  const hashing = scene.route().rechecks.get(file.id)?.copyId ?? null;
  return hashing ?? ('copyId' in file && file.copyId !== null ? file.copyId : copyId('none'));
}

const listingOf = (scene: Scene) => scene.route().scanning.listing?.id ?? ('none' as never);

const listed = (scene: Scene, vanished: readonly string[]): Event => ({
  kind: 'listing_completed',
  route: ingest,
  listingId: listingOf(scene),
  vanished,
  entryCount: 1,
  youngEmptyCount: 0,
  isQuick: false,
  processorMs: 0,
  selection: { leftAlone: [], unmatched: [] },
});

const pathsChecked = (scene: Scene, present: readonly string[], absent: readonly string[]): Event => ({
  kind: 'paths_checked',
  route: ingest,
  checkId: scene.route().scanning.check?.id ?? ('none' as never),
  present,
  absent,
});

const probed = (scene: Scene, result: Extract<Event, { kind: 'probe_answered' }>['result']): Event => ({
  kind: 'probe_answered',
  route: ingest,
  probeId: scene.route().gate.outstanding?.probeId ?? probeId('none'),
  result,
});

/** A listing, a check and a probe are open, so that each can be answered. */
function ask(scene: Scene): Scene {
  const { gate, scanning } = scene.route();
  gate.askedAt = scene.at();
  scanning.nextListingAt = scene.at();
  return scene.send({ kind: 'paths_noticed', route: ingest, paths: ['a.mxf'] });
}

for (const [where, given] of Object.entries(states)) {
  test(`step: accepts every event that can race, ${where}`, () => {
    for (const [what, event] of everything) {
      const scene = ask(given());
      const happening = event(scene);
      assert.not.throws(() => scene.send(happening), `${what} throws`);
      assert.equal(contradictions(scene.state), [], what);
      assert.equal(brokenStories(scene.journal), [], what);
    }
  });

  test(`step: ignores reports of an older copy, ${where}`, () => {
    const scene = given();
    scene.tick();
    const before = scene.file();
    for (const report of everyReport) {
      scene.send({ kind: 'copy_reported', route: ingest, fileId: before.id, copyId: copyId('older'), report });
      assert.equal(scene.last.wrote, [], report.kind);
      assert.equal(scene.last.asked, [], report.kind);
      assert.is(scene.file(), before, report.kind);
    }
  });
}

test('step: no order of events makes the state inconsistent', () => {
  const starts = Object.values(states);
  const walk = fc.array(fc.tuple(fc.nat(everything.length - 1), fc.constantFrom(0, 0, 0, 1_000, 5_000, 60_000)), { maxLength: 40 });
  fc.assert(
    fc.property(fc.nat(starts.length - 1), walk, (start, moments) => {
      const scene = (starts[start] as () => Scene)();
      for (const [at, [index, ms]] of moments.entries()) {
        scene.after(ms);
        if (!scene.route().newest.has('a.mxf')) scene.sees(entry('a.mxf'));
        const [what, event] = everything[index] as (typeof everything)[number];
        const [next = 0, pause] = moments[at + 1] ?? [];
        const isFollowed = pause === 0 && reports.includes(everything[index] as never) && reports.includes(everything[next] as never);
        scene.send(event(scene), isFollowed);
        if (isFollowed) continue;
        const broken = [...contradictions(scene.state), ...brokenStories(scene.journal)];
        if (broken.length > 0) throw new Error(`after ${what}: ${broken.join('; ')}`);
      }
    }),
    { numRuns: 400, seed: 7 },
  );
});

test('step: reports that follow each other are applied one by one, and free lanes are filled after the last', () => {
  const scene = rested(open({ lanes: 2 }), ...['a', 'b', 'c', 'd'].map((name) => entry(`${name}.mxf`)));
  for (const path of ['a.mxf', 'b.mxf']) {
    for (const report of [preflight(scene, {}, path), { kind: 'creating' } as const, copied(), verified]) scene.reports(report, path);
  }
  const reportOf = (path: string): Event => {
    const file = scene.file(path);
    const copy = 'copyId' in file && file.copyId !== null ? file.copyId : copyId('none');
    return { kind: 'copy_reported', route: ingest, fileId: file.id, copyId: copy, report: published };
  };
  scene.send(reportOf('a.mxf'), true);
  assert.is(scene.file('a.mxf').status, 'COMPLETED');
  assert.not(
    scene.last.asked.some((asked) => asked.startsWith('preflight')),
    'not yet',
  );
  scene.send(reportOf('b.mxf'));
  assert.is(scene.file('b.mxf').status, 'COMPLETED');
  assert.is(scene.last.asked.filter((asked) => asked.startsWith('preflight')).length, 2);
});

test('step: the same events give the same records and effects', () => {
  const story = (): Scene =>
    close(copying().reports(progress(1_000)))
      .online()
      .sees(entry('b.mxf'))
      .pass(10_000);
  const [one, other] = [story(), story()];
  assert.equal(one.journal, other.journal);
  assert.equal(one.last.effects, other.last.effects);
});

test('step: records are numbered without gaps and have the wall clock', () => {
  const scene = completed();
  assert.equal(
    scene.journal.map(({ seq }) => seq),
    scene.journal.map((_, index) => index + 1),
  );
  assert.ok(scene.journal.every(({ at }) => at <= scene.wall()));
});

test('step: records are plain data', () => {
  const { journal } = close(following().reports(progress(2_000, 3_000)));
  assert.equal(JSON.parse(JSON.stringify(journal)), journal);
});

test('step: what is said of a route that is not configured any more is ignored', () => {
  const scene = open();
  scene.send({ kind: 'entries_seen', route: routeName('nobody'), entries: [] });
  assert.equal(scene.last.records, []);
});

test('step: a change of state that is not in the table is a programming error', () => {
  const scene = copying();
  scene.route().movableLarge.add(scene.file().id);
  assert.throws(
    () => scene.tick(),
    (error: unknown) => error instanceof ProgrammingError && /a\.mxf: COPYING cannot become IN_QUEUE \(queued\)/.test(error.message),
  );
});

test('step: a second live file of one path is a programming error', () => {
  const scene = ready();
  const files = [scene.file(), { ...scene.file(), id: fileId('another') }];
  assert.throws(
    () => scene.restarts({ files }),
    (error: unknown) => error instanceof ProgrammingError && /two live files for a\.mxf/.test(error.message),
  );
});

test.run();
