import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { codeOfReason, type ErrorKind, errorKinds, type FailureReason } from '../../src/model/fault.ts';
import { type Status } from '../../src/model/file.ts';
import { fail } from '../../src/states/failed.ts';
import type { Scene } from '../support/scene.ts';
import {
  close,
  copying,
  failed,
  following,
  inPreflight,
  lastFailed,
  preflight,
  progress,
  publishing,
  stalled,
  verifying,
} from '../support/stages.ts';
import { atDestination, atSource, badProbe, entry } from '../support/words.ts';

interface Line {
  readonly kind: ErrorKind;
  readonly why: string;
  readonly given?: () => Scene;
  readonly when: (scene: Scene) => Scene;
  readonly code: string;
  /** Of the file that was found again. */
  readonly status: Status;
  readonly hold: ReturnType<Scene['hold']>;
  readonly counted: number;
  /** What the error says of the next attempt, if that differs from what the file waits for now. */
  readonly next?: 'turn';
}

/** A quarter of the file is copied. */
const begun = (): Scene => copying().reports(progress(1_250));

const backoff = { status: 'READY', hold: 'backoff', counted: 1 } as const;
const room = { status: 'WAITING_FOR_SPACE', hold: 'space', counted: 1 } as const;

const lines: readonly Line[] = [
  {
    kind: 'network_interruption',
    why: 'an error of the destination, and a probe begun after it failed',
    when: (scene) => scene.reports(failed(atDestination('EIO'), 1_250)).offline(),
    code: 'EIO',
    status: 'READY',
    hold: 'network',
    counted: 0,
  },
  {
    kind: 'network_interruption',
    why: 'an error of the destination, and a probe begun after it stayed silent',
    when: (scene) => scene.reports(failed(atDestination('EIO'), 1_250)).pass(10_000),
    code: 'EIO',
    status: 'READY',
    hold: 'network',
    counted: 0,
  },
  {
    kind: 'network_interruption',
    why: 'a silence of the destination, and a probe begun after it failed',
    when: (scene) => scene.reports(stalled()).offline(),
    code: 'SILENT',
    status: 'READY',
    hold: 'network',
    counted: 0,
  },
  {
    kind: 'network_interruption',
    why: 'its carrier is gone, and a probe begun after it failed',
    when: (scene) => scene.loses('a.mxf').offline(),
    code: 'CHILD_LOST',
    status: 'READY',
    hold: 'network',
    counted: 0,
  },
  {
    kind: 'network_interruption',
    why: 'the gate closed under a copy that had met nothing yet',
    when: close,
    code: 'EHOSTDOWN',
    status: 'READY',
    hold: 'network',
    counted: 0,
  },
  {
    kind: 'network_interruption',
    why: 'the wrong disk is there now',
    when: (scene) => {
      scene.route().gate.askedAt = scene.at();
      return scene.offline({ cause: 'not_the_destination', code: 'FOREIGN' });
    },
    code: 'FOREIGN',
    status: 'READY',
    hold: 'network',
    counted: 0,
  },
  {
    kind: 'destination_full',
    why: 'ENOSPC',
    when: (scene) => scene.reports(failed(atDestination('ENOSPC'), 1_250)),
    code: 'ENOSPC',
    ...room,
  },
  {
    kind: 'destination_full',
    why: 'EDQUOT',
    when: (scene) => scene.reports(failed(atDestination('EDQUOT'), 1_250)),
    code: 'EDQUOT',
    ...room,
  },
  {
    kind: 'destination_full',
    why: 'EIO where statfs says that nothing is left',
    when: (scene) => scene.reports(failed(atDestination('EIO'), 1_250)).online({ space: { totalBytes: 1e6, freeBytes: 0 } }),
    code: 'EIO',
    ...room,
  },
  {
    kind: 'destination_full',
    why: 'EIO where what is missing of it does not fit any more',
    when: (scene) => scene.reports(failed(atDestination('EIO'), 1_250)).online({ space: { totalBytes: 1e6, freeBytes: 3_749 } }),
    code: 'EIO',
    ...room,
  },
  {
    kind: 'destination_error',
    why: 'EIO where what is missing of it just fits',
    when: (scene) => scene.reports(failed(atDestination('EIO'), 1_250)).online({ space: { totalBytes: 1e6, freeBytes: 3_750 } }),
    code: 'EIO',
    ...backoff,
  },
  {
    kind: 'destination_full',
    why: 'EIO where not even the empty probe file could be created',
    when: (scene) => scene.reports(failed(atDestination('EIO'), 1_250)).online({ isFull: true }),
    code: 'EIO',
    ...room,
  },
  ...['EACCES', 'EPERM', 'EROFS'].map(
    (code): Line => ({
      kind: 'destination_denied',
      why: `${code} while the destination answers`,
      when: (scene) => scene.reports(failed(atDestination(code), 1_250)).online(),
      code,
      ...backoff,
    }),
  ),
  ...['EIO', 'ENAMETOOLONG', 'ENETUNREACH', 'ESTALE', 'SHORT', 'DIVERTED', 'LOST'].map(
    (code): Line => ({
      kind: 'destination_error',
      why: `${code} while the destination answers`,
      when: (scene) => scene.reports(failed(atDestination(code), 1_250)).online(),
      code,
      ...backoff,
    }),
  ),
  {
    kind: 'destination_error',
    why: 'a silence that lasts stall_max while the destination answers',
    when: (scene) => scene.after(120_000).reports(stalled('destination', 120_000)).online(),
    code: 'SILENT',
    ...backoff,
  },
  {
    kind: 'destination_error',
    why: 'its carrier is gone while the destination answers',
    when: (scene) => scene.loses('a.mxf').online(),
    code: 'CHILD_LOST',
    ...backoff,
  },
  ...['EIO', 'EACCES', 'SHORT', 'ENOENT'].map(
    (code): Line => ({
      kind: 'source_unreadable',
      why: `${code} of the source`,
      when: (scene) => scene.reports(failed(atSource(code), 1_250)),
      code,
      ...backoff,
    }),
  ),
  {
    kind: 'source_unreadable',
    why: 'a silence of the source that lasts stall_max',
    when: (scene) => scene.after(120_000).reports(stalled('source', 120_000)),
    code: 'SILENT',
    ...backoff,
  },
  {
    kind: 'source_changed',
    why: 'replaced by another file: what was found has to come to rest',
    when: (scene) => scene.reports(failed(atSource('CHANGED'), 1_250)),
    code: 'CHANGED',
    status: 'DISCOVERED',
    hold: null,
    counted: 1,
  },
  {
    kind: 'checksum_mismatch',
    why: 'what was read back differs',
    given: verifying,
    when: (scene) => scene.reports(failed(atDestination('MISMATCH'), 5_000)),
    code: 'MISMATCH',
    ...backoff,
  },
  {
    kind: 'agent_stopped',
    why: 'the agent died while the copy ran',
    when: (scene) => scene.restarts(),
    code: 'AGENT_GONE',
    status: 'READY',
    hold: 'network',
    counted: 1,
    // Its destination has not been probed yet.
    next: 'turn',
  },
  {
    kind: 'agent_stopped',
    why: 'it was stopped, and did not end in time',
    when: (scene) => scene.send({ kind: 'stop_requested', by: 'ann', mode: 'graceful' }).send({ kind: 'stop_deadline' }),
    code: 'STOPPED',
    status: 'READY',
    hold: null,
    counted: 1,
  },
  {
    kind: 'skipped',
    why: 'an operator said so',
    when: (scene) => scene.within((work) => fail(work, scene.route(), scene.as('COPYING'), 'skipped', { kind: 'skipped', by: 'ann' })),
    code: 'SKIPPED',
    status: 'READY',
    hold: 'operator',
    counted: 1,
  },
];

for (const line of lines) {
  test(`failed: ${line.kind}: ${line.why}`, () => {
    const scene = line.when((line.given ?? begun)());
    const ended = lastFailed(scene);
    assert.is(ended.error.kind, line.kind);
    assert.is(codeOfReason(ended.error.reason), line.code);
    assert.equal(ended.error.follows, { kind: 'attempt', as: scene.file().destination, waitsFor: line.next ?? line.hold ?? 'turn' });
    assert.is(ended.countedAttempts, line.counted);
    assert.is(scene.file().status, line.status);
    assert.is(scene.hold(), line.hold);
    assert.is(scene.file().attempt, 2);
    assert.is(scene.file().countedAttempts, line.counted);
    assert.is(scene.file().recoveryOf, ended.id);
    assert.is(ended.recoveredBy, scene.file().id);
    assert.is(ended.left, ended.leftParts[0] ?? null);
  });
}

const call = (code: string): FailureReason => ({ kind: 'call', fault: atDestination(code) });

for (const [kind, reason, waitsFor] of [
  ['destination_full', call('ENOSPC'), 'space'],
  ['destination_denied', call('EACCES'), 'backoff'],
  ['skipped', { kind: 'skipped', by: 'ann' }, 'operator'],
  ['source_changed', call('CHANGED'), 'network'],
  ['network_interruption', call('EIO'), 'network'],
] as const) {
  test(`failed: ${kind} while the destination is offline: the next attempt waits for ${waitsFor}`, () => {
    const scene = close(publishing());
    scene.within((work) => fail(work, scene.route(), scene.as('VERIFYING'), kind, reason));
    assert.equal(lastFailed(scene).error.follows, { kind: 'attempt', as: scene.file().destination, waitsFor });
  });
}

test('failed: every kind of error is in the table', () => {
  assert.equal([...new Set(lines.map(({ kind }) => kind))].sort(), [...errorKinds].sort());
});

test('failed: a silence of the source that has not lasted stall_max fails nothing, and sends no probe', () => {
  const scene = begun().after(119_999).reports(stalled('source', 119_999));
  assert.is(scene.file().status, 'COPYING');
  assert.equal(scene.last.asked, []);
});

test('failed: a probe that was sent before the error does not judge it', () => {
  const scene = begun();
  scene.route().gate.askedAt = scene.at();
  scene
    .tick()
    .after(1)
    .reports(failed(atDestination('EIO'), 1_250))
    .online();
  assert.is(scene.file().status, 'COPYING');
  assert.equal(scene.last.asked, ['probe ingest']);
  assert.is(scene.online().last.wrote[0], 'a.mxf: COPYING > FAILED (failed: destination_error)');
});

test('failed: every copy of the destination fails at once when its gate closes, and the carrier is ended', () => {
  const scene = begun().sees(entry('b.mxf')).after(5_000).lists();
  scene.reports(preflight(scene, {}, 'b.mxf'), 'b.mxf');
  close(scene);
  assert.equal(
    scene.last.wrote.filter((line) => line.includes('FAILED')),
    ['a.mxf: COPYING > FAILED (failed: network_interruption)', 'b.mxf: COPYING > FAILED (failed: network_interruption)'],
  );
  assert.is(scene.last.asked.at(-1), 'end_carrier ingest');
});

test('failed: the failed and the new tracked file are in the same batch', () => {
  const scene = close(begun());
  assert.equal(scene.last.wrote, [
    'ingest: closed (unreachable)',
    'a.mxf: COPYING > FAILED (failed: network_interruption)',
    'a.mxf: > DISCOVERED (found_again)',
    'a.mxf: DISCOVERED > READY (source_unchanged)',
  ]);
  assert.equal(scene.last.asked, ['give_up a.mxf', 'end_carrier ingest']);
});

test('failed: its record says how much was copied, the error and what follows', () => {
  const ended = lastFailed(close(copying().reports(progress(1_234))));
  assert.is(ended.copiedBytes, 1_234);
  assert.is(ended.error.percent, 24.6, 'one decimal, never rounded up');
  const { finding } = badProbe;
  assert.equal(ended.error.reason, { kind: 'gate', code: 'EHOSTDOWN', destination: '/mnt/ingest', finding });
  assert.equal(ended.error.follows, { kind: 'attempt', as: 'a_1.mxf', waitsFor: 'network' });
});

test('failed: the percentage refers to the size last seen', () => {
  assert.is(lastFailed(following().reports(failed(atSource('EIO'), 1_000, 8_000))).error.percent, 12.5);
});

test('failed: a call that never returned is in the record of the abandoned copy', () => {
  const hung = begun().reports(stalled()).offline();
  const answered = begun()
    .reports(failed(atDestination('EIO')))
    .offline();
  const isHung = (scene: Scene): boolean => scene.last.effects.some((effect) => effect.kind === 'give_up' && effect.isHung);
  assert.ok(isHung(hung));
  assert.not(isHung(answered));
});

test('failed: a source that changed since the copy was ordered has to settle again', () => {
  const scene = close(begun().sees(entry('a.mxf', 5_500, 2)));
  assert.is(scene.file().status, 'DISCOVERED');
  assert.is(scene.file().fingerprint.sizeBytes, 5_500);
  assert.equal(lastFailed(scene).error.follows, { kind: 'attempt', as: 'a_1.mxf', waitsFor: 'network' });
  assert.is(scene.after(4_999).lists().file().status, 'DISCOVERED');
  assert.is(scene.after(1).lists().file().status, 'READY');
});

test('failed: a recording is still a recording, and does not have to settle', () => {
  const scene = close(following().reports(progress(2_000, 4_000)));
  assert.ok(scene.as('READY').growing);
  assert.is(scene.hold(), 'network');
});

test('failed: a source that is gone is not discovered again, and nothing follows', () => {
  const scene = verifying().reports({ kind: 'verified', readback: 'direct', sourceGone: true });
  scene.reports(failed(atDestination('EIO'))).online();
  const ended = scene.as('FAILED');
  assert.is(ended.recoveredBy, null);
  assert.equal(ended.error.follows, { kind: 'nothing' });
  assert.equal(scene.last.wrote.slice(0, 1), ['a.mxf: VERIFYING > FAILED (failed: destination_error)']);
  assert.not(scene.last.wrote.some((line) => line.includes('DISCOVERED')));
});

test('failed: a source that was gone and is back has a recovery, and both records refer to each other', () => {
  const scene = verifying().reports({ kind: 'verified', readback: 'direct', sourceGone: true });
  scene.reports(failed(atDestination('EIO'))).online();
  const { id } = scene.file();
  scene.sees(entry('a.mxf'));
  assert.equal(scene.last.wrote, ['a.mxf: - recovery_found', 'a.mxf: > DISCOVERED (found)', 'a.mxf: - found_again']);
  assert.is(scene.file().recoveryOf, id);
  assert.is(scene.file().attempt, 2);
  const [noted, , found] = scene.last.records;
  assert.is(noted?.kind === 'file_fact' && noted.file.recoveredBy, scene.file().id);
  assert.equal(noted?.kind === 'file_fact' && noted.event, { kind: 'recovery_found', by: scene.file().id });
  assert.equal(found?.kind === 'file_fact' && found.event, { kind: 'found_again', after: id });
});

test('failed: a requested temporary file may exist without a report: it is remembered if the destination failed', () => {
  const ordered = (): Scene => {
    const scene = inPreflight();
    return scene.reports(preflight(scene));
  };
  const unheard = ordered()
    .reports(failed(atDestination('EACCES')))
    .online();
  assert.is(unheard.file().leftParts.length, 1);
  const unsent = ordered().reports(failed(atSource('EIO')));
  assert.equal(unsent.file().leftParts, []);
  assert.equal([lastFailed(unheard).begun, lastFailed(unsent).begun], [false, false]);
});

test('failed: a report without a size keeps the size last seen', () => {
  const ended = lastFailed(copying().reports(failed(atSource('EIO'), 0, 0)));
  assert.is(ended.fingerprint.sizeBytes, 5_000);
});

test('failed: before the create was sent: the name is kept, nothing is left, and the attempts are linked', () => {
  const scene = inPreflight();
  close(scene.reports(preflight(scene)));
  const ended = lastFailed(scene);
  assert.not(ended.begun);
  assert.is(ended.left, null);
  assert.is(ended.recoveredBy, scene.file().id);
  assert.is(scene.file().destination, 'a.mxf');
  assert.is(scene.file().nameReason, null);
  assert.is(scene.file().recoveryOf, ended.id);
});

test.run();
