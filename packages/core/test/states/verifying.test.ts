import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from '../../src/messages/effect.ts';
import type { Scene } from '../support/scene.ts';
import { ingest } from '../support/settings.ts';
import {
  copied,
  failed,
  followingHidden,
  progress,
  published,
  publishing,
  stalled,
  verified,
  verifying,
  verifyingRecording,
} from '../support/stages.ts';
import { table } from '../support/table.ts';
import { atDestination, atSource, hash } from '../support/words.ts';

const identity = { device: '41', inode: '9' };
const claiming = (): Scene => publishing().reports({ kind: 'link_refused', code: 'EPERM' });

function publishOrder(scene: Scene): Extract<Effect, { kind: 'publish' }>['order'] {
  const effect = scene.last.effects.find((one) => one.kind === 'publish');
  if (effect?.kind !== 'publish') throw new Error('nothing is to be published');
  return effect.order;
}

const closes = (scene: Scene): Scene => {
  scene.route().gate.askedAt = scene.at();
  return scene.offline();
};

table('verifying', [
  {
    claim: 'read back and equal: the intent to publish is journaled, then asked for',
    given: verifying,
    when: (scene) => scene.reports(verified),
    status: 'VERIFYING',
    wrote: ['a.mxf: - publish'],
    asked: ['publish a.mxf as a.mxf'],
    also: (scene) => {
      const file = scene.as('VERIFYING');
      assert.equal(file.publishing, { step: 'link' });
      assert.is(file.readback, 'direct');
      const order = publishOrder(scene);
      assert.is(order.part, file.part);
      assert.is(order.claim, null);
      assert.is(order.sizeBytes, 5_000);
      assert.is(order.mtimeNs, '1');
      assert.equal(order.hash, hash);
    },
  },
  {
    claim: 'a recording that is visible already is published without a part: times, mode and syncs are left',
    given: verifyingRecording,
    when: (scene) => scene.reports(verified),
    status: 'VERIFYING',
    wrote: ['a.mxf: - publish'],
    asked: ['publish a.mxf as a.mxf'],
    also: (scene) => assert.is(publishOrder(scene).part, null),
  },
  {
    claim: 'published: COMPLETED',
    given: publishing,
    when: (scene) => scene.reports(published),
    status: 'COMPLETED',
    wrote: ['a.mxf: VERIFYING > COMPLETED (published)'],
    asked: ['forget ingest'],
    also: (scene) => assert.is(scene.as('COMPLETED').copied, true),
  },
  {
    claim: 'its name is taken: it is published under the next one',
    given: publishing,
    when: (scene) => scene.reports({ kind: 'name_taken' }),
    status: 'VERIFYING',
    wrote: ['a.mxf: - name_taken', 'a.mxf: - publish'],
    asked: ['publish a.mxf as a_1.mxf'],
    also: (scene) => {
      assert.is(scene.file().nameReason, 'name_taken');
      assert.is(publishOrder(scene).part, scene.as('VERIFYING').part, 'the temporary file does not change');
    },
  },
  {
    claim: 'its name holds these very bytes: COMPLETED without a second copy',
    given: publishing,
    when: (scene) => scene.reports({ kind: 'already_there', hash, readback: 'direct', fingerprint: scene.file().fingerprint }),
    status: 'COMPLETED',
    wrote: ['a.mxf: VERIFYING > COMPLETED (already_there)'],
    asked: ['forget ingest'],
    also: (scene) => assert.is(scene.as('COMPLETED').copied, false),
  },
  {
    claim: 'links are refused: that is learned of the destination, and the name is claimed',
    given: publishing,
    when: (scene) => scene.reports({ kind: 'link_refused', code: 'EPERM' }),
    status: 'VERIFYING',
    wrote: ['ingest: links links_refused', 'a.mxf: - claim'],
    asked: ['publish a.mxf as a.mxf'],
    also: (scene) => {
      assert.equal(publishOrder(scene).claim, { claimed: null });
      assert.ok(scene.route().linksRefused);
    },
  },
  {
    claim: 'the claim is made: its identity is journaled before anything is renamed over it',
    given: claiming,
    when: (scene) => scene.reports({ kind: 'claimed', identity }),
    status: 'VERIFYING',
    wrote: ['a.mxf: - claimed'],
    asked: ['publish a.mxf as a.mxf'],
    also: (scene) => {
      assert.equal(scene.as('VERIFYING').publishing, { step: 'claim', claimed: identity });
      assert.equal(publishOrder(scene).claim, { claimed: identity });
    },
  },
  {
    claim: 'where links are known to be refused, the name is claimed at once',
    given: () => {
      const scene = verifying();
      scene.route().linksRefused = true;
      return scene;
    },
    when: (scene) => scene.reports(verified),
    status: 'VERIFYING',
    wrote: ['a.mxf: - publish'],
    asked: ['publish a.mxf as a.mxf'],
    also: (scene) => assert.equal(publishOrder(scene).claim, { claimed: null }),
  },
  {
    claim: 'a name that cannot be claimed makes it claim the next',
    given: claiming,
    when: (scene) => scene.reports({ kind: 'name_taken' }),
    status: 'VERIFYING',
    wrote: ['a.mxf: - name_taken', 'a.mxf: - publish'],
    asked: ['publish a.mxf as a_1.mxf'],
    also: (scene) => assert.equal(publishOrder(scene).claim, { claimed: null }),
  },
  {
    claim: 'reading past the page cache is refused: a probe is asked for before a fresh process may read',
    given: verifying,
    when: (scene) => scene.reports({ kind: 'direct_refused' }),
    status: 'VERIFYING',
    wrote: [],
    asked: ['probe ingest'],
    also: (scene) => assert.is(scene.as('VERIFYING').isReadFresh, false),
  },
  {
    claim: 'a good probe sent after the refusal lets a fresh process read',
    given: () => verifying().reports({ kind: 'direct_refused' }),
    when: (scene) => scene.online(),
    status: 'VERIFYING',
    wrote: [],
    asked: ['read_back_fresh a.mxf as a.mxf'],
    also: (scene) => assert.ok(scene.as('VERIFYING').isReadFresh),
  },
  {
    claim: 'a probe that was under way before the refusal decides nothing',
    given: () => {
      const scene = verifying();
      scene.route().gate.askedAt = scene.at();
      return scene.tick().after(1).reports({ kind: 'direct_refused' });
    },
    when: (scene) => scene.online(),
    status: 'VERIFYING',
    wrote: [],
    asked: ['probe ingest'],
    also: (scene) => assert.equal(scene.online().last.asked, ['read_back_fresh a.mxf as a.mxf']),
  },
  {
    claim: 'the source moved meanwhile: it is followed and settled again',
    given: verifying,
    when: (scene) => scene.reports({ kind: 'source_moved', sizeBytes: 7_000 }),
    status: 'GROWING_COPY',
    wrote: ['a.mxf: VERIFYING > GROWING_COPY (source_changes)'],
    asked: [],
    also: (scene) => {
      assert.is(scene.file().fingerprint.sizeBytes, 7_000);
      assert.match(scene.as('GROWING_COPY').part ?? '', /\.part$/);
      assert.ok(scene.as('GROWING_COPY').begun);
    },
  },
  {
    claim: 'a fresh process saw the source move: the carrier that made the copy has to follow again',
    given: () => verifying().reports({ kind: 'direct_refused' }).online(),
    when: (scene) => scene.reports({ kind: 'source_moved', sizeBytes: 7_000 }),
    status: 'GROWING_COPY',
    wrote: ['a.mxf: VERIFYING > GROWING_COPY (source_changes)'],
    asked: ['follow_again a.mxf'],
  },
  {
    claim: 'its own carrier saw the source change before it gave the name: it has to follow again',
    given: () => verifying().reports({ kind: 'direct_refused' }).online().reports(verified),
    when: (scene) => scene.reports({ kind: 'source_moved', sizeBytes: 5_000 }),
    status: 'GROWING_COPY',
    wrote: ['a.mxf: VERIFYING > GROWING_COPY (source_changes)'],
    asked: ['follow_again a.mxf'],
  },
  {
    claim: 'the same, reported when the destination has gone away: it fails with it, as every copy that is not being published',
    given: () => closes(verifying().reports({ kind: 'direct_refused' }).online().reports(verified)),
    when: (scene) => scene.reports({ kind: 'source_moved', sizeBytes: 5_000 }),
    status: 'READY',
    hold: 'network',
    wrote: [
      'a.mxf: VERIFYING > GROWING_COPY (source_changes)',
      'a.mxf: GROWING_COPY > FAILED (failed: network_interruption)',
      'a.mxf: > DISCOVERED (found_again)',
      'a.mxf: DISCOVERED > READY (source_unchanged)',
    ],
    asked: ['give_up a.mxf'],
  },
  {
    claim: 'progress of the readback is a sign of the destination',
    given: () => verifying().after(1_000),
    when: (scene) => scene.reports({ kind: 'progress', syncedBytes: 5_000, sizeBytes: 5_000, phase: 'reading_back', phaseDone: 0.5 }),
    status: 'VERIFYING',
    wrote: [],
    asked: [],
    also: (scene) => {
      assert.is(scene.as('VERIFYING').phaseDone, 0.5);
      assert.is(scene.route().gate.lastSignAt, scene.at());
    },
  },
  {
    claim: 'a silence of the destination asks for a probe',
    given: verifying,
    when: (scene) => scene.reports(stalled()),
    status: 'VERIFYING',
    wrote: [],
    asked: ['probe ingest'],
  },
  {
    claim: 'progress of the readback ends a mere silence',
    given: () => verifying().reports(stalled()),
    when: (scene) => scene.reports({ kind: 'progress', syncedBytes: 5_000, sizeBytes: 5_000, phase: 'reading_back', phaseDone: 0.5 }),
    status: 'VERIFYING',
    wrote: [],
    asked: [],
    also: (scene) => assert.is(scene.as('VERIFYING').suspicion, null),
  },
  {
    claim: 'its source could not be read: FAILED',
    given: verifying,
    when: (scene) => scene.reports(failed(atSource('EIO'))),
    status: 'READY',
    hold: 'backoff',
    wrote: [
      'a.mxf: VERIFYING > FAILED (failed: source_unreadable)',
      'a.mxf: > DISCOVERED (found_again)',
      'a.mxf: DISCOVERED > READY (source_unchanged)',
      'ingest: note parts_to_remove',
    ],
    asked: ['give_up a.mxf', 'remove_parts 1'],
  },
  {
    claim: 'the bytes read back differ: FAILED at once, no probe has to judge that',
    given: verifying,
    when: (scene) => scene.reports(failed(atDestination('MISMATCH'))),
    status: 'READY',
    hold: 'backoff',
    wrote: [
      'a.mxf: VERIFYING > FAILED (failed: checksum_mismatch)',
      'a.mxf: > DISCOVERED (found_again)',
      'a.mxf: DISCOVERED > READY (source_unchanged)',
      'ingest: note parts_to_remove',
    ],
    asked: ['give_up a.mxf', 'remove_parts 1'],
  },
  {
    claim: 'the gate closes before anything is to be published: FAILED',
    given: verifying,
    when: closes,
    status: 'READY',
    hold: 'network',
    wrote: [
      'ingest: closed (unreachable)',
      'a.mxf: VERIFYING > FAILED (failed: network_interruption)',
      'a.mxf: > DISCOVERED (found_again)',
      'a.mxf: DISCOVERED > READY (source_unchanged)',
    ],
    asked: ['give_up a.mxf', 'end_carrier ingest'],
  },
  {
    claim: 'the gate closes after the intent to publish was journaled: it stays, waiting for the network',
    given: publishing,
    when: closes,
    status: 'VERIFYING',
    hold: 'network',
    wrote: ['ingest: closed (unreachable)'],
    asked: ['end_carrier ingest'],
  },
  {
    claim: 'the gate closes after its claim: it stays, waiting for the network',
    given: claiming,
    when: closes,
    status: 'VERIFYING',
    hold: 'network',
    wrote: ['ingest: closed (unreachable)'],
    asked: ['end_carrier ingest'],
  },
  {
    claim: 'the gate opens again: the destination is asked what became of it',
    given: () => closes(publishing()),
    when: (scene) => scene.online(),
    status: 'VERIFYING',
    wrote: ['ingest: open'],
    asked: ['publish a.mxf as a.mxf'],
  },
  {
    claim: 'the gate opens again: a claim is asked for with the identity that was journaled',
    given: () => closes(claiming().reports({ kind: 'claimed', identity })),
    when: (scene) => scene.online(),
    status: 'VERIFYING',
    wrote: ['ingest: open'],
    asked: ['publish a.mxf as a.mxf'],
    also: (scene) => assert.equal(publishOrder(scene).claim, { claimed: identity, isAgain: true }),
  },
  {
    claim: 'an error while the gate is closed does not end it either',
    given: () => closes(publishing()),
    when: (scene) => scene.reports(failed(atDestination('EIO'))),
    status: 'VERIFYING',
    hold: 'network',
    wrote: [],
    asked: [],
    also: (scene) => assert.is(scene.as('VERIFYING').suspicion, null),
  },
  {
    claim: 'its carrier is gone while it publishes: a probe first, then the destination is asked again',
    given: () => publishing().loses('a.mxf'),
    when: (scene) => scene.online(),
    status: 'VERIFYING',
    wrote: [],
    asked: ['publish a.mxf as a.mxf'],
    also: (scene) => assert.is(scene.as('VERIFYING').suspicion, null),
  },
  {
    claim: 'an error of publishing while the destination answers ends it, and its name is burned',
    given: () => publishing().reports(failed(atDestination('EIO'))),
    when: (scene) => scene.online(),
    status: 'READY',
    hold: 'backoff',
    wrote: [
      'a.mxf: VERIFYING > FAILED (failed: destination_error)',
      'a.mxf: > DISCOVERED (found_again)',
      'a.mxf: DISCOVERED > READY (source_unchanged)',
      'ingest: note parts_to_remove',
    ],
    asked: ['give_up a.mxf', 'remove_parts 1'],
    also: (scene) => {
      assert.equal(scene.file().burned, ['a.mxf']);
      assert.is(scene.file().destination, 'a.mxf', 'compared with the file of that name first');
    },
  },
  {
    claim: 'withdrawn before anything is to be published, it is READY again',
    given: verifying,
    when: (scene) => scene.reports({ kind: 'withdrawn', left: false }),
    status: 'IN_QUEUE',
    wrote: ['a.mxf: VERIFYING > READY (withdrawn)', 'a.mxf: READY > IN_QUEUE (queued)'],
    asked: ['forget ingest', 'preflight a.mxf as a.mxf'],
    also: (scene) => assert.not(scene.as('IN_QUEUE').growing, 'it had settled'),
  },
  {
    claim: 'withdrawn, and its part could not be removed: that is remembered',
    given: verifying,
    when: (scene) => scene.reports({ kind: 'withdrawn', left: true }),
    status: 'IN_QUEUE',
    wrote: ['a.mxf: VERIFYING > READY (withdrawn)', 'a.mxf: READY > IN_QUEUE (queued)'],
    asked: ['forget ingest', 'preflight a.mxf as a.mxf'],
    also: (scene) => assert.is(scene.file().leftParts.length, 1),
  },
  {
    claim: 'a word of another phase is dropped',
    given: verifying,
    when: (scene) => scene.reports({ kind: 'creating' }),
    status: 'VERIFYING',
    wrote: [],
    asked: [],
  },
]);

test('verifying: a silence that lasts while the destination answers fails the copy only after stall_max', () => {
  const patient = verifying().after(119_999).reports(stalled('destination', 119_999)).online();
  assert.is(patient.file().status, 'VERIFYING');
  const over = verifying().after(120_000).reports(stalled('destination', 120_000)).online();
  assert.is(over.last.wrote[0], 'a.mxf: VERIFYING > FAILED (failed: destination_error)');
});

test('verifying: the return of a call is a sign of life: several slow calls in a row are not a silence', () => {
  const slow = verifying().after(119_000).reports(stalled()).online();
  assert.is(slow.file().status, 'VERIFYING');
  const later = slow.after(119_000).reports(stalled()).online();
  assert.is(later.file().status, 'VERIFYING');
});

test('verifying: a silence that is not reported any more is over, however long the copy waits for others then', () => {
  const waiting = verifying().reports(stalled()).after(120_000).online();
  assert.is(waiting.file().status, 'VERIFYING');
});

test('verifying: a report of an older copy is ignored because of its id', () => {
  const scene = publishing();
  const { id } = scene.file();
  scene.send({ kind: 'copy_reported', route: ingest, fileId: id, copyId: 'older' as never, report: published });
  assert.equal(scene.last.wrote, []);
  assert.is(scene.file().status, 'VERIFYING');
});

test('verifying: a second report that it was published changes nothing', () => {
  const scene = publishing();
  const { id, copyId } = scene.as('VERIFYING');
  scene.reports(published).send({ kind: 'copy_reported', route: ingest, fileId: id, copyId, report: published });
  assert.equal(scene.last.wrote, []);
  assert.equal(scene.last.asked, []);
});

test('verifying: a recording that settles again and again is verified each time', () => {
  const scene = followingHidden().reports(copied(3_000, 3));
  for (const mtime of [4, 5, 6]) {
    scene
      .reports({ kind: 'source_moved', sizeBytes: mtime * 1_000 })
      .reports(progress(mtime * 1_000, mtime * 1_000))
      .reports(copied(mtime * 1_000, mtime));
    assert.is(scene.as('VERIFYING').expected.mtimeNs, String(mtime));
  }
  assert.is(scene.reports(verified).reports(published).as('COMPLETED').fingerprint.sizeBytes, 6_000);
});

test.run();
