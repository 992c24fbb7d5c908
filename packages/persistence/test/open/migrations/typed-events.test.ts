import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { FileEvent, GateEvent, JournalRecord, RouteEvent } from '@sluice/core';
import { newestFiles } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openJournal, openReader } from '../../../src/mod.ts';
import { withPath } from '../../support/folder.ts';

/**
 * The journal of a run of the executable 0.1.0: outages, a wrong disk, recoveries, holds, taken names, a kill. Its folders and its
 * machine were renamed afterwards.
 */
const fixture = new URL('../../fixtures/journal-0.1.0.db.gz', import.meta.url);

const writeOld = (path: string): void => writeFileSync(path, gunzipSync(readFileSync(fixture)));

type Event = FileEvent | RouteEvent | GateEvent;
/** How often each kind of event is in the fixture. */
const expected: { readonly [Kind in Event['kind']]: number } = {
  found: 17,
  found_again: 6,
  recovery_found: 0,
  name_invalid: 1,
  source_changes: 10,
  settled: 17,
  recording: 2,
  stuck: 1,
  held_by_writer: 0,
  emptied: 0,
  superseded: 0,
  paused: 0,
  same_bytes: 1,
  source_gone: 1,
  renamed: 0,
  renamed_from: 0,
  source_missing: 0,
  source_unchanged: 5,
  failed_too_often: 1,
  no_use_trying: 0,
  queued: 23,
  destination_offline: 0,
  destination_answers: 0,
  destination_not_reached: 0,
  no_room: 2,
  room_again: 1,
  agent_started: 0,
  agent_stops: 0,
  asked: 3,
  refused: 0,
  route_held: 0,
  // One of a file, and two of the route.
  held: 3,
  skipped: 0,
  hold_ended: 1,
  pause_over: 1,
  name_taken: 2,
  name_given_up: 0,
  name_yielded: 0,
  copy_begins: 17,
  link_begins: 0,
  not_linked: 0,
  created: 16,
  source_grew: 0,
  withdrawn: 0,
  copied: 14,
  publish: 12,
  claim: 0,
  claimed: 0,
  published: 12,
  already_there: 1,
  linked: 0,
  failed: 6,
  parts_removed: 7,
  leftover_to_mark: 1,
  leftover_marked: 1,
  leftover_removal_asked: 0,
  leftover_to_remove: 0,
  leftover_removed: 0,
  removal_unproven: 0,
  removal_asked: 0,
  removal_begins: 0,
  removal_put_off: 0,
  source_hidden: 0,
  source_to_remove: 0,
  source_removed: 0,
  source_to_restore: 0,
  source_restored: 0,
  source_name_taken: 0,
  removal_failed: 0,
  removal_off: 0,
  marker_intended: 1,
  destination_known: 3,
  destination_forgotten: 2,
  destination_adopted: 2,
  source_adopted: 0,
  released: 1,
  hold_expired: 1,
  rescan_asked: 1,
  stop_asked: 0,
  prune_asked: 0,
  reload_ended: 0,
  first: 1,
  links_refused: 0,
  parts_to_remove: 7,
  source_state: 5,
  source_not_watched: 0,
  room_short: 0,
  room_enough: 0,
  person_called: 0,
  hook_ended: 0,
  left_alone: 0,
  configured: 0,
  unconfigured: 0,
  gate_opened: 5,
  gate_closed: 5,
};

function recordsOf(path: string): readonly JournalRecord[] {
  const reader = openReader({ path });
  const records = reader.records({ before: null, limit: 10_000 });
  reader.close();
  return records;
}

test(
  'a journal of 0.1.0: every event becomes typed, none is lost, and none has an unknown kind',
  withPath((path) => {
    writeOld(path);
    openJournal({ path, now: () => 0 }).close();
    const counts = Object.fromEntries(Object.keys(expected).map((kind) => [kind, 0]));
    for (const { event } of recordsOf(path)) counts[event.kind] = (counts[event.kind] ?? Number.NaN) + 1;
    assert.equal(counts, expected);
  }),
);

test(
  'a journal of 0.1.0: no English sentence is left in it',
  withPath((path) => {
    writeOld(path);
    const journal = openJournal({ path, now: () => 0 });
    const texts = ['entries', 'route_facts', 'gates', 'files'].flatMap((table) =>
      (journal.database.prepare(`SELECT * FROM ${table}`).all() as object[]).map((row) => JSON.stringify(row)),
    );
    for (const text of texts) assert.not.match(text, /operator\\?"|the destination |a fresh copy|WRONG DISK|came too late/);
    assert.ok(texts.length > 200);
    journal.close();
  }),
);

test(
  'a journal of 0.1.0: an agent starts on it with its files, holds and destinations',
  withPath((path) => {
    writeOld(path);
    const journal = openJournal({ path, now: () => 0 });
    const image = journal.load();
    assert.is(image.files.length, 8);
    assert.is(newestFiles(journal, ...new Set(journal.database.prepare('SELECT text FROM words').pluck().all() as string[])).length, 16);
    assert.equal(
      image.routeFacts.map(({ key, event }) => [key, event.kind]),
      [
        ['adopted', 'destination_adopted'],
        ['marker', 'destination_known'],
        ['first', 'first'],
        ['hold', 'hold_expired'],
        ['source', 'source_state'],
        ['note', 'parts_to_remove'],
      ],
    );
    journal.close();
  }),
);

test(
  'a journal of 0.1.0: failed files keep why they failed and what followed',
  withPath((path) => {
    writeOld(path);
    openJournal({ path, now: () => 0 }).close();
    const reader = openReader({ path });
    const failed = reader.files({ statuses: ['FAILED'], endedSince: null, limit: 100 }).files;
    reader.close();
    const kinds = failed.flatMap((file) => (file.status === 'FAILED' ? [`${file.error.kind} ${file.error.reason.kind}`] : []));
    assert.equal(kinds.sort(), [
      'agent_stopped agent_gone',
      'agent_stopped agent_stopped',
      'destination_error call',
      'destination_error call',
      'network_interruption gate',
      'network_interruption gate',
    ]);
    for (const file of failed) if (file.status === 'FAILED') assert.is(file.error.follows.kind, 'attempt');
  }),
);

test(
  'a journal of 0.1.0: outages keep what was observed',
  withPath((path) => {
    writeOld(path);
    openJournal({ path, now: () => 0 }).close();
    const reader = openReader({ path });
    const outages = reader.outages(0).map(({ closed: { cause, destination, finding } }) => [cause, destination, finding.kind]);
    reader.close();
    assert.ok(outages.length > 0);
    for (const [, destination, finding] of outages) {
      assert.is(destination, '/mnt/nas');
      assert.is.not(finding, 'unspecified');
    }
  }),
);

test.run();
