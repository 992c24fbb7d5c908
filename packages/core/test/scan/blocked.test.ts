import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nothingLeft } from '../../src/model/left-alone.ts';
import { idleness } from '../../src/scan/idle.ts';
import {
  answerProbe,
  badProbe,
  createTestCore,
  entryOf,
  goodProbe,
  ingest,
  list,
  live,
  report,
  settle,
  type TestCore,
} from '../support/test-core.ts';

const wrongDisk = {
  ...badProbe,
  cause: 'not_the_destination',
  code: 'MARKER',
  finding: { kind: 'marker_missing', expected: 'known' },
} as const;

const now = (core: TestCore) => idleness(core.state, core.at());

function sourceIs(core: TestCore, state: 'suddenly_empty' | 'unreadable', unreadPath: string | null): void {
  core.send({ kind: 'source_state', route: ingest, state, code: 'X', unreadPath, freeBytes: null, cacheMs: 0, description: null });
}

test('idleness: the wrong disk needs a person after it has lasted for a while', () => {
  const core = createTestCore({ untilIdle: true });
  answerProbe(core, wrongDisk);
  assert.is(now(core), 'busy');
  settle(core, entryOf('a.mxf', 1_000));
  live(core, 1_000, wrongDisk);
  assert.is(now(core), 'needs_a_person');
  live(core, 1_000, goodProbe);
  assert.is(now(core), 'busy');
});

test('idleness: the agent waits for the end of an outage', () => {
  const core = createTestCore({ untilIdle: true });
  answerProbe(core, badProbe);
  settle(core, entryOf('a.mxf', 1_000));
  live(core, 600_000, badProbe);
  assert.is(now(core), 'busy');
});

test('idleness: a source that is suddenly empty needs a person', () => {
  const core = createTestCore({ untilIdle: true });
  answerProbe(core);
  sourceIs(core, 'suddenly_empty', null);
  live(core, 31_000);
  assert.is(now(core), 'needs_a_person');
});

test('idleness: a file that is larger than the disk needs a person, one that only lacks room does not', () => {
  for (const [sizeBytes, expected] of [
    [2e12, 'needs_a_person'],
    [6e11, 'busy'],
  ] as const) {
    const core = createTestCore({ untilIdle: true });
    answerProbe(core);
    settle(core, entryOf('a.mxf', sizeBytes));
    answerProbe(core);
    const { fingerprint } = core.file('a.mxf');
    report(core, 'a.mxf', {
      kind: 'preflight',
      preflight: { sourceFingerprint: fingerprint, isOther: false, existingSizeBytes: null, freeBytes: null },
    });
    assert.is(core.file('a.mxf').status, 'WAITING_FOR_SPACE');
    live(core, 31_000);
    assert.is(now(core), expected);
  }
});

test('idleness: a folder that cannot be read needs a person, after everything else is done', () => {
  const core = createTestCore({ untilIdle: true });
  answerProbe(core);
  sourceIs(core, 'unreadable', 'locked');
  list(core);
  core.advanceClock(31_000);
  list(core);
  list(core);
  assert.is(now(core), 'needs_a_person');
});

test('listing_completed: a file in a folder that could not be read does not settle', () => {
  const core = createTestCore({});
  core.send({ kind: 'entries_seen', route: ingest, entries: [entryOf('locked/a.mxf', 1), entryOf('b.mxf', 1)] });
  core.advanceClock(31_000);
  list(core);
  core.route.scanning.nextListingAt = core.at();
  core.send({ kind: 'tick' });
  const listingId = core.route.scanning.listing?.id;
  if (listingId === undefined) throw new Error('no listing is under way');
  const counted = { vanished: [], entryCount: 2, youngEmptyCount: 0, isQuick: false, processorMs: 0, selection: nothingLeft };
  core.send({ kind: 'entries_seen', route: ingest, entries: [entryOf('locked/c.mxf', 1), entryOf('d.mxf', 1)] });
  core.send({ kind: 'listing_completed', route: ingest, listingId, ...counted, unread: ['locked'] });
  core.advanceClock(31_000);
  core.send({ kind: 'tick' });
  const next = core.route.scanning.listing?.id;
  if (next === undefined) throw new Error('no listing is under way');
  core.send({ kind: 'listing_completed', route: ingest, listingId: next, ...counted, unread: ['locked'] });
  assert.equal([core.file('locked/c.mxf').status, core.file('d.mxf').status], ['DISCOVERED', 'READY']);
});

test.run();
