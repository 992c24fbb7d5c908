import type { FileEvent } from '@sluice/core';
import { fileId } from '@sluice/core/model';
import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fileEventText, timelineText } from '../../src/events/sentences.ts';

const id = fileId('0f3c51d2-0000-4000-8000-000000000000');
const identity = { device: '8', inode: '4711' };

type Rows = {
  readonly [Kind in FileEvent['kind']]: readonly (readonly [Omit<Extract<FileEvent, { readonly kind: Kind }>, 'kind'>, text: string])[];
};

const rows: Rows = {
  found: [[{}, 'found']],
  found_again: [[{ after: id }, 'new attempt after attempt 0f3c51d2']],
  recovery_found: [[{ by: id }, 'copied again by attempt 0f3c51d2']],
  name_invalid: [[{}, 'its name is not valid UTF-8']],
  source_changes: [[{}, 'the source changes']],
  settled: [[{}, 'settled']],
  recording: [[{}, 'grows like a recording']],
  stuck: [[{}, 'still changing']],
  held_by_writer: [[{}, 'the program that writes it does not allow reading']],
  superseded: [[{ by: id }, 'the source changed again: attempt 0f3c51d2 has the new content']],
  paused: [
    [
      { times: 4, stableAfterMs: 30_000, restMs: 480_000 },
      'changed again 4 times after it was copied: copied when it has not changed for 8 min',
    ],
  ],
  emptied: [[{}, 'emptied at the source']],
  same_bytes: [
    [{ mtimeNs: '1700000000000000000' }, 'its time changed, its bytes did not'],
    [{ mtimeNs: '17', onMedium: true }, 'its disk was put in again, or is another one: it has the bytes that were copied'],
  ],
  source_gone: [[{}, 'removed at the source']],
  renamed: [[{ to: 'b.mxf' }, 'renamed to b.mxf at the source']],
  renamed_from: [[{ from: 'a.mxf' }, 'renamed from a.mxf at the source']],
  source_missing: [[{}, 'not found at the source']],
  source_unchanged: [[{}, 'the source is unchanged']],
  failed_too_often: [[{}, 'failed too often']],
  no_use_trying: [[{}, 'needs you: another attempt would end in the same way']],
  queued: [[{}, 'queued']],
  destination_offline: [[{}, 'the destination went offline']],
  destination_answers: [[{}, 'the destination answers']],
  destination_not_reached: [[{ code: 'EHOSTDOWN' }, 'the destination was not reached (EHOSTDOWN)']],
  no_room: [[{}, 'no room at the destination']],
  room_again: [[{}, 'room at the destination again']],
  agent_started: [[{}, 'Sluice started']],
  agent_stops: [[{}, 'Sluice stops']],
  asked: [
    [{ action: 'retry', by: 'ann', reason: null }, 'retried by ann'],
    [{ action: 'skip', by: 'ann from 192.0.2.7', reason: 'wrong take' }, 'skipped by ann from 192.0.2.7 ("wrong take")'],
  ],
  refused: [
    [
      { action: 'first', by: 'ann', reason: null, why: { kind: 'completed' } },
      'first requested by ann, too late: it is already copied and verified',
    ],
  ],
  route_held: [[{}, 'its route is held']],
  held: [[{}, 'held']],
  skipped: [[{}, 'skipped']],
  hold_ended: [[{}, 'hold ended']],
  pause_over: [[{}, 'pause over']],
  name_taken: [[{ taken: 'a.mxf' }, 'the name a.mxf is taken']],
  name_given_up: [[{ from: 'a.mxf' }, 'gives up the name a.mxf: the previous attempt did not complete it']],
  name_yielded: [[{ from: 'a_1.mxf' }, 'gives up the name a_1.mxf: a source file has it']],
  copy_begins: [
    [{ part: '.a.mxf.0f3c51d2.part', compare: false }, 'copy starts as .a.mxf.0f3c51d2.part'],
    [{ part: null, compare: true }, 'copy starts under its final name, first comparing with the file of this name'],
  ],
  link_begins: [[{ from: 'a.mxf' }, 'comparing with a.mxf, which is to get this name too']],
  not_linked: [
    [{ from: 'a.mxf', why: 'differs' }, 'a.mxf does not get this name: it is gone, or has other bytes; the source is copied'],
    [{ from: 'a.mxf', why: 'refused' }, 'a.mxf does not get this name: the destination refuses the link; the source is copied'],
  ],
  created: [[{ part: '.a.part', identity }, 'created as .a.part']],
  source_grew: [[{}, 'the source grew']],
  withdrawn: [[{}, 'withdrawn']],
  copied: [[{ hash: '0123456789abcdef', bytes: 48_200_000_000 }, 'copied: 48.2 GB, hash 0123456789abcdef']],
  publish: [
    [{ as: 'a_1.mxf', readback: 'direct' }, 'publishing as a_1.mxf, read back past the cache'],
    [{ as: 'a_1.mxf', readback: 'cached' }, 'publishing as a_1.mxf, read back (cache only)'],
    [{ as: 'a_1.mxf', readback: 'size' }, 'publishing as a_1.mxf, only its size was compared'],
    [{ as: 'a_1.mxf', readback: null }, 'publishing as a_1.mxf'],
  ],
  claim: [[{ as: 'a.mxf' }, 'claiming the name a.mxf']],
  claimed: [[{ as: 'a.mxf', identity }, 'claimed the name a.mxf']],
  published: [
    [{ as: 'a.mxf', notes: [] }, 'published as a.mxf'],
    [
      {
        as: 'a.mxf',
        notes: [
          { kind: 'times_not_set', code: 'EPERM' },
          { kind: 'mode_not_set', code: 'EPERM' },
          { kind: 'part_left', code: 'EROFS' },
          { kind: 'change_time_moved', readings: 3 },
        ],
      },
      'published as a.mxf, its times could not be set (EPERM), its permissions could not be set (EPERM), its temporary file could not be removed yet (EROFS), the change time of the source kept moving; its bytes were the same 3 times',
    ],
    [
      { as: 'a.mxf', notes: [{ kind: 'folder_mode_not_set', code: 'EPERM' }] },
      'published as a.mxf, the permissions of its folders could not be set as configured (EPERM)',
    ],
    [
      { as: 'a.mxf', notes: [{ kind: 'source_removed' }] },
      'published as a.mxf, the source was removed during the copy and could not be read a second time',
    ],
  ],
  already_there: [[{ as: 'a.mxf', notes: [] }, 'the same bytes are already there as a.mxf']],
  linked: [[{ as: 'b.mxf', from: 'a.mxf' }, 'a.mxf has the same bytes, and the name b.mxf too']],
  failed: [[{ error: 'network_interruption', code: 'EIO' }, 'network interruption (EIO)']],
  parts_removed: [
    [{ removed: ['.a.part'], kept: [] }, 'temporary files removed: .a.part'],
    [
      { removed: ['.c.part'], kept: ['.a.part', '.b.part'] },
      'temporary files removed: .c.part; temporary files that remain: .a.part, .b.part',
    ],
    [{ removed: [], kept: [] }, 'no temporary file to remove'],
  ],
  leftover_to_mark: [[{ from: 'a.mxf', to: 'a.mxf.failed-0f3c51d2' }, 'renaming the leftover a.mxf to a.mxf.failed-0f3c51d2']],
  leftover_marked: [
    [{ from: 'a', to: 'a.failed', outcome: 'done' }, 'the leftover a is now a.failed'],
    [{ from: 'a', to: 'a.failed', outcome: 'gone' }, 'the leftover a no longer exists'],
    [{ from: 'a', to: 'a.failed', outcome: 'refused' }, 'the leftover a could not be renamed'],
  ],
  leftover_removal_asked: [
    [{ name: 'a.mxf', by: 'ann', reason: null }, 'removal of the leftover a.mxf requested by ann'],
    [{ name: 'a.mxf', by: 'ann', reason: 'tidy up' }, 'removal of the leftover a.mxf requested by ann ("tidy up")'],
  ],
  leftover_to_remove: [[{ name: 'a.mxf', as: '.a.mxf.0f3c51d2.part' }, 'removing the leftover a.mxf (as .a.mxf.0f3c51d2.part)']],
  leftover_removed: [
    [{ name: 'a', outcome: 'removed' }, 'the leftover a is removed'],
    [{ name: 'a', outcome: 'gone' }, 'the leftover a no longer exists'],
    [{ name: 'a', outcome: 'changed' }, 'the leftover a stays: it was changed after the complete copy was made'],
  ],
  removal_unproven: [
    [{ readback: 'cached' }, 'stays at the source: its copy was read back (cache only), and after_copy_proof is "direct"'],
    [{ readback: 'size' }, 'stays at the source: its copy was only compared by its size, and after_copy_proof is "direct"'],
  ],
  removal_asked: [
    [{ by: 'ann', reason: null }, 'removal at the source requested by ann'],
    [{ by: 'ann', reason: 'card is full' }, 'removal at the source requested by ann ("card is full")'],
  ],
  removal_begins: [[{ as: '.a.0f3c51d2.sluice-done' }, 'renaming the source to .a.0f3c51d2.sluice-done']],
  removal_put_off: [
    [{ why: 'open_for_writing' }, 'not removed yet: a program has the source open for writing'],
    [{ why: 'changed' }, 'not removed: the source is not as it was copied'],
    [{ why: 'missing' }, 'not removed: nothing is at its path'],
  ],
  source_hidden: [[{ as: '.a.0f3c51d2.sluice-done' }, 'the source is now .a.0f3c51d2.sluice-done']],
  source_to_remove: [
    [{ archive: null }, 'deleting the source'],
    [{ archive: '/old' }, 'moving the source to the archive /old'],
  ],
  source_removed: [
    [{ archive: null, archivedAs: null, folders: [] }, 'deleted at the source'],
    [{ archive: null, archivedAs: null, folders: ['b/c', 'b'] }, 'deleted at the source, and the empty folders b/c, b'],
    [{ archive: '/old', archivedAs: 'a_1.mxf', folders: [] }, 'moved to the archive /old as a_1.mxf'],
    [{ archive: '/old', archivedAs: null, folders: [] }, 'moved to the archive /old'],
  ],
  source_to_restore: [
    [{ why: 'open_for_writing' }, 'giving the source its name back: a program has it open for writing'],
    [{ why: 'changed' }, 'giving the source its name back: it changed'],
    [{ why: 'failed' }, 'giving the source its name back: it could not be removed'],
    [{ why: 'interrupted' }, 'giving the source its name back: Sluice was interrupted'],
    [{ why: 'settings' }, 'giving the source its name back: the settings keep it now'],
    [{ why: 'paused' }, 'giving the source its name back: its route is held, or the destination is not online'],
    [{ why: 'not_everywhere' }, 'giving the source its name back: another route has not copied it, or copies to another destination now'],
  ],
  source_restored: [[{}, 'the source has its name again']],
  source_name_taken: [[{ as: '.a.0f3c51d2.sluice-done' }, 'another file has its name at the source; it stays .a.0f3c51d2.sluice-done']],
  removal_failed: [
    [
      { step: 'hiding', code: 'EACCES', operation: 'rename a' },
      'not removed at the source: permission denied (rename a: EACCES); let Sluice remove files at the source',
    ],
  ],
  removal_off: [
    [{ why: 'settings' }, 'stays at the source: the settings keep it now'],
    [{ why: 'source_gone' }, 'not removed by Sluice: it is gone from the source, or changed'],
    [{ why: 'other_source' }, 'stays at the source: it was copied from another disk than the one that was adopted'],
    [{ why: 'other_destination' }, 'stays at the source: another disk was adopted as the destination, and its copy is not on it'],
    [{ why: 'put_off' }, 'stays at the source: it could not be removed at once; run sluice clear again'],
    [{ why: 'put_off_to_policy' }, 'sluice clear could not remove it at once: it stays at the source until after_copy goes on with it'],
  ],
};

for (const [kind, ofKind] of Object.entries(rows)) {
  for (const [detail, text] of ofKind) {
    test(`fileEventText: ${kind}: ${text}`, () => {
      assert.is(fileEventText({ kind, ...detail } as FileEvent), text);
      assert.is(timelineText({ event: kind, detail }), text);
    });
  }
}

test('timelineText: a kind that only a newer agent knows is shown by its name', () => {
  assert.is(timelineText({ event: 'source_sealed', detail: { by: 'ann' } }), 'source sealed');
  assert.is(timelineText({ event: 'constructor', detail: {} }), 'constructor');
});

test('timelineText: any detail that another version writes gives a bounded text', () => {
  const kind = fc.constantFrom(...Object.keys(rows), 'sealed');
  const value = fc.oneof(fc.jsonValue(), fc.string({ size: 'max', maxLength: 20_000 }));
  const keys = ['by', 'after', 'code', 'action', 'reason', 'why', 'notes', 'removed', 'kept', 'hash', 'bytes', 'as', 'readback', 'kind'];
  fc.assert(
    fc.property(kind, fc.dictionary(fc.constantFrom(...keys), value), (event, detail) => {
      const text = timelineText({ event, detail });
      assert.type(text, 'string');
      assert.ok(text.length <= 600);
    }),
  );
});

test.run();
