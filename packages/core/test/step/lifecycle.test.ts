import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nextWake } from '../../src/step/step.ts';
import type { Scene } from '../support/scene.ts';
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
  lastFailed,
  open,
  preflight,
  progress,
  published,
  publishing,
  queued,
  ready,
  recorded,
  shut,
  verified,
  verifying,
  verifyingRecording,
} from '../support/stages.ts';
import { table } from '../support/table.ts';
import { atDestination, atSource, entry, hash } from '../support/words.ts';

const stop = (scene: Scene): Scene => scene.send({ kind: 'stop_requested', by: 'ann', mode: 'graceful' });
const drain = (scene: Scene): Scene => scene.send({ kind: 'stop_requested', by: 'ann', mode: 'drain' });
const deadline = (scene: Scene): Scene => scene.send({ kind: 'stop_deadline' });

const foundAgain = ['a.mxf: > DISCOVERED (found_again)', 'a.mxf: DISCOVERED > READY (source_unchanged)'];
/** Every start requests a listing and a probe. */
const begins = ['list_source ingest', 'probe ingest'];

table('agentStarted', [
  {
    claim: 'a file that was not settled has to be seen at rest in this life',
    given: () => open().sees(entry('a.mxf')).after(4_999),
    when: (scene) => scene.restarts(),
    status: 'DISCOVERED',
    wrote: [],
    asked: begins,
    also: (scene) => {
      assert.is(scene.after(4_999).lists().file().status, 'DISCOVERED');
      assert.is(scene.after(1).lists().file().status, 'READY');
    },
  },
  {
    claim: 'what waited in the queue waits for the destination again',
    given: inPreflight,
    when: (scene) => scene.restarts(),
    status: 'READY',
    hold: 'network',
    wrote: ['a.mxf: IN_QUEUE > READY (agent_started)'],
    asked: begins,
  },
  {
    claim: 'a check that was under way is forgotten',
    given: inPreflight,
    when: (scene) => {
      scene.restarts();
      const { id } = scene.file();
      const report = preflight(scene);
      return scene.send({ kind: 'copy_reported', route: scene.route().settings.name, fileId: id, copyId: 'older' as never, report });
    },
    status: 'READY',
    hold: 'network',
    wrote: [],
    asked: [],
  },
  {
    claim: 'what waits for the network goes on waiting for it',
    given: awaitingNetwork,
    when: (scene) => scene.restarts(),
    status: 'WAITING_FOR_NETWORK',
    hold: 'network',
    wrote: [],
    asked: begins,
    also: (scene) => assert.is(scene.online().file().status, 'IN_QUEUE'),
  },
  {
    claim: 'what waits for room goes on waiting for it',
    given: awaitingSpace,
    when: (scene) => scene.restarts(),
    status: 'WAITING_FOR_SPACE',
    hold: 'space',
    wrote: [],
    asked: begins,
  },
  {
    claim: 'a pause goes on, and ends when it would have ended',
    given: () =>
      copying()
        .reports(failed(atSource('EIO'), 100))
        .after(2_000),
    when: (scene) => scene.restarts(),
    status: 'READY',
    hold: 'backoff',
    wrote: [],
    asked: begins,
    also: (scene) => {
      scene.online();
      assert.equal(scene.pass(2_999).last.wrote, []);
      assert.is(scene.pass(1).file().status, 'IN_QUEUE');
    },
  },
  {
    claim: 'a copy that ran FAILED with agent_stopped, and is found again at once',
    given: () => copying().reports(progress(1_250)),
    when: (scene) => scene.restarts(),
    status: 'READY',
    hold: 'network',
    wrote: ['a.mxf: COPYING > FAILED (failed: agent_stopped)', ...foundAgain],
    asked: ['give_up a.mxf', ...begins],
    also: (scene) => {
      assert.is(scene.file().destination, 'a_1.mxf');
      assert.is(scene.file().countedAttempts, 1);
      assert.is(lastFailed(scene).left, lastFailed(scene).leftParts[0]);
    },
  },
  {
    claim: 'a copy whose create is not known to have been sent has begun all the same',
    given: () => {
      const scene = inPreflight();
      return scene.reports(preflight(scene));
    },
    when: (scene) => scene.restarts(),
    status: 'READY',
    hold: 'network',
    wrote: ['a.mxf: COPYING > FAILED (failed: agent_stopped)', ...foundAgain],
    asked: ['give_up a.mxf', ...begins],
    also: (scene) => {
      assert.ok(lastFailed(scene).begun);
      assert.is(scene.file().leftParts.length, 1);
    },
  },
  {
    claim: 'a comparison had begun nothing: the name is kept',
    given: comparing,
    when: (scene) => scene.restarts(),
    status: 'READY',
    hold: 'network',
    wrote: ['a.mxf: COPYING > FAILED (failed: agent_stopped)', ...foundAgain],
    asked: ['give_up a.mxf', ...begins],
    also: (scene) => {
      assert.not(lastFailed(scene).begun);
      assert.is(scene.file().destination, 'a.mxf');
    },
  },
  {
    claim: 'a recording that was followed FAILED, its visible copy stays, and it goes on as a recording',
    given: following,
    when: (scene) => scene.restarts(),
    status: 'READY',
    hold: 'network',
    wrote: ['a.mxf: GROWING_COPY > FAILED (failed: agent_stopped)', ...foundAgain],
    asked: ['give_up a.mxf', ...begins],
    also: (scene) => {
      assert.ok(scene.as('READY').growing);
      assert.equal(scene.file().leftVisible, ['a.mxf']);
      assert.is(scene.file().destination, 'a_1.mxf');
    },
  },
  {
    claim: 'what was read back FAILED',
    given: verifying,
    when: (scene) => scene.restarts(),
    status: 'READY',
    hold: 'network',
    wrote: ['a.mxf: VERIFYING > FAILED (failed: agent_stopped)', ...foundAgain],
    asked: ['give_up a.mxf', ...begins],
  },
  {
    claim: 'a committed intent to publish survives: the destination is asked once it answers',
    given: publishing,
    when: (scene) => scene.restarts(),
    status: 'VERIFYING',
    hold: 'network',
    wrote: [],
    asked: begins,
    also: (scene) => {
      scene.online();
      assert.equal(scene.last.asked, ['publish a.mxf as a.mxf']);
      assert.is(scene.reports(published).file().status, 'COMPLETED');
    },
  },
  {
    claim: 'a committed claim survives with the identity that was journaled',
    given: () =>
      publishing()
        .reports({ kind: 'link_refused', code: 'EPERM' })
        .reports({ kind: 'claimed', identity: { device: '41', inode: '9' } }),
    when: (scene) => scene.restarts().online(),
    status: 'VERIFYING',
    wrote: ['ingest: open'],
    asked: ['publish a.mxf as a.mxf'],
    also: (scene) => assert.equal(scene.as('VERIFYING').publishing, { step: 'claim', claimed: { device: '41', inode: '9' } }),
  },
  {
    claim: 'what is copied is copied: reported again as it was, nothing happens',
    given: () => completed().restarts(),
    when: (scene) => scene.sees(entry('a.mxf')),
    status: 'COMPLETED',
    wrote: [],
    asked: [],
  },
]);

test('agentStarted: the gate is closed and unknown, and the source is listed without waiting for the first probe', () => {
  const scene = completed().restarts();
  assert.is(scene.route().gate.state, 'closed');
  assert.is(scene.route().gate.cause, 'unknown');
  assert.equal(scene.last.asked, begins);
});

test('agentStarted: if the death of the agent ended the last attempt, the file needs a person', () => {
  const scene = copying({ route: { maxAttempts: 1 } }).restarts();
  assert.is(scene.hold(), 'needs_you');
  assert.ok(scene.last.asked.includes('attention a.mxf failed_too_often'));
});

test('agentStarted: a file of an earlier run that no listing shows is checked by name', () => {
  const scene = ready().restarts();
  scene.lists();
  assert.not(scene.last.asked.includes('check a.mxf'));
  scene.after(1).lists();
  assert.ok(scene.last.asked.includes('check a.mxf'));
  assert.is(scene.checks({ absent: ['a.mxf'] }).file().status, 'REMOVED');
});

test('agentStarted: a file of an earlier run that is seen again is not checked by name', () => {
  const scene = ready().restarts().sees(entry('a.mxf')).lists().after(1).lists();
  assert.not(scene.last.asked.includes('check a.mxf'));
  assert.is(scene.file().status, 'READY');
});

test('agentStarted: hidden files of an earlier run are swept when the destination answers', () => {
  const scene = copying().restarts().online();
  assert.ok(scene.last.asked.includes('remove_parts 1'));
});

test('agentStarted: a temporary file of a withdrawn copy is not swept while the next copy writes to it', () => {
  const scene = stop(copying()).reports({ kind: 'withdrawn', left: true }).restarts().online();
  assert.is(scene.reports(preflight(scene)).as('COPYING').part, scene.file().leftParts[0]);
  for (let minute = 0; minute < 30; minute += 1) {
    scene.after(60_000).tick();
    assert.not(scene.last.asked.some((asked) => asked.startsWith('remove_parts')));
  }
});

test('restoreState: how long a recording has been at rest starts from zero', () => {
  const scene = recorded(shut()).after(60_000).restarts();
  assert.is(scene.as('READY').movedAt, scene.at());
  scene.lists().online();
  assert.ok(scene.as('IN_QUEUE').growing);
});

test('restoreState: names of files in the journal are taken', () => {
  const scene = completed().restarts().lists(['a.mxf']);
  assert.is.not(scene.route().names.get('a.mxf'), undefined);
});

test('restoreState: the marker is restored for the destination from which it was read', () => {
  const scene = completed();
  const { marker } = scene.route().gate;
  assert.is.not(marker, null);
  scene.restarts();
  assert.is(scene.route().gate.marker, marker);
  const probe = scene.last.effects.find((effect) => effect.kind === 'probe');
  assert.is(probe?.kind === 'probe' && probe.expectedMarker, marker);
});

test('restoreState: the marker of another destination is not restored', () => {
  const scene = completed();
  const routeFacts = scene.journal
    .filter((record) => record.kind === 'route_fact')
    .map((fact) => ('destination' in fact.event ? { ...fact, event: { ...fact.event, destination: '/mnt/elsewhere' } } : fact));
  assert.is(scene.restarts({ routeFacts }).route().gate.marker, null);
});

test('restoreState: files of a route that is no longer configured are not changed', () => {
  const scene = ready();
  const file = { ...scene.file(), id: 'other' as never, route: 'gone' as never };
  scene.restarts({ files: [file] });
  assert.is(scene.state.files.size, 0);
  assert.equal(scene.last.wrote, []);
});

/** The record of the request comes first. */
const asked = 'ingest: note stop_asked';

table('stopRequested', [
  {
    claim: 'what waits stays where it is',
    given: ready,
    when: stop,
    status: 'READY',
    hold: 'network',
    wrote: [asked],
    asked: ['stopped'],
  },
  {
    claim: 'what is queued waits again',
    given: inPreflight,
    when: stop,
    status: 'READY',
    wrote: [asked, 'a.mxf: IN_QUEUE > READY (agent_stops)'],
    asked: ['forget ingest', 'stopped'],
  },
  {
    claim: 'what is queued without a carrier waits again, and nobody has to forget it',
    given: () =>
      queued().reports({ kind: 'held_by_writer', code: 'EBUSY' }, 'first.mxf').reports({ kind: 'held_by_writer', code: 'EBUSY' }),
    when: stop,
    status: 'GROWING',
    wrote: [asked],
    asked: ['stopped'],
  },
  {
    claim: 'a stable copy is withdrawn, and waited for',
    given: copying,
    when: stop,
    status: 'COPYING',
    wrote: [asked],
    asked: ['withdraw a.mxf'],
  },
  {
    claim: 'withdrawn cleanly, nothing is left and nothing is counted; then the agent may go',
    given: () => stop(copying()),
    when: (scene) => scene.reports({ kind: 'withdrawn', left: false }),
    status: 'READY',
    wrote: ['a.mxf: COPYING > READY (withdrawn)'],
    asked: ['forget ingest', 'stopped'],
    also: (scene) => {
      assert.is(scene.file().countedAttempts, 0);
      assert.equal(scene.file().leftParts, []);
    },
  },
  {
    claim: 'a copy that is read back is withdrawn, too',
    given: () => stop(verifying()),
    when: (scene) => scene.reports({ kind: 'withdrawn', left: false }),
    status: 'READY',
    wrote: ['a.mxf: VERIFYING > READY (withdrawn)'],
    asked: ['forget ingest', 'stopped'],
  },
  {
    claim: 'a recording in a part is withdrawn',
    given: followingHidden,
    when: stop,
    status: 'GROWING_COPY',
    wrote: [asked],
    asked: ['withdraw a.mxf'],
  },
  {
    claim: 'a recording under its visible name FAILED: it cannot be withdrawn',
    given: following,
    when: stop,
    status: 'READY',
    wrote: [asked, 'a.mxf: GROWING_COPY > FAILED (failed: agent_stopped)', ...foundAgain],
    asked: ['give_up a.mxf', 'stopped'],
    also: (scene) => {
      assert.is(scene.file().countedAttempts, 1);
      assert.is(lastFailed(scene).error.kind, 'agent_stopped');
    },
  },
  {
    claim: 'a recording under its visible name that is read back FAILED',
    given: verifyingRecording,
    when: stop,
    status: 'READY',
    wrote: [asked, 'a.mxf: VERIFYING > FAILED (failed: agent_stopped)', ...foundAgain],
    asked: ['give_up a.mxf', 'stopped'],
  },
  {
    claim: 'a recording whose create was not sent yet is withdrawn',
    given: () => following().reports({ kind: 'name_taken' }),
    when: stop,
    status: 'GROWING_COPY',
    wrote: [asked],
    asked: ['withdraw a.mxf'],
  },
  {
    claim: 'a copy that has met an error cannot be asked to clear up: it FAILED',
    given: () => copying().reports(failed(atDestination('EIO'), 100)),
    when: stop,
    status: 'READY',
    wrote: [asked, 'a.mxf: COPYING > FAILED (failed: agent_stopped)', ...foundAgain],
    asked: ['give_up a.mxf', 'stopped'],
  },
  {
    claim: 'what is being published is waited for, not withdrawn',
    given: publishing,
    when: stop,
    status: 'VERIFYING',
    wrote: [asked],
    asked: [],
    also: (scene) => {
      assert.is(scene.reports(published).file().status, 'COMPLETED');
      assert.is(scene.last.asked.at(-1), 'stopped');
    },
  },
  {
    claim: 'asked twice, it is done once',
    given: () => stop(copying()),
    when: stop,
    status: 'COPYING',
    wrote: [],
    asked: [],
  },
  {
    claim: 'to drain means to finish what runs',
    given: copying,
    when: drain,
    status: 'COPYING',
    wrote: [asked],
    asked: [],
    also: (scene) => {
      scene.reports(copied()).reports(verified).reports(published);
      assert.is(scene.file().status, 'COMPLETED');
      assert.is(scene.last.asked.at(-1), 'stopped');
    },
  },
  {
    claim: 'a drain can still be turned into a stop at once',
    given: () => drain(copying()),
    when: stop,
    status: 'COPYING',
    wrote: [asked],
    asked: ['withdraw a.mxf'],
  },
  {
    claim: 'to drain finishes a recording under its visible name, too',
    given: following,
    when: drain,
    status: 'GROWING_COPY',
    wrote: [asked],
    asked: [],
  },
  {
    claim: 'the gate closes while it is waited for: FAILED as in any outage, and found again',
    given: () => stop(copying()),
    when: close,
    status: 'READY',
    hold: 'network',
    wrote: ['ingest: closed (unreachable)', 'a.mxf: COPYING > FAILED (failed: network_interruption)', ...foundAgain],
    asked: ['give_up a.mxf', 'end_carrier ingest', 'stopped'],
  },
]);

table('stopDeadline', [
  {
    claim: 'a withdrawal that was not answered in time: FAILED, and its part is remembered',
    given: () => stop(copying()),
    when: deadline,
    status: 'READY',
    wrote: ['a.mxf: COPYING > FAILED (failed: agent_stopped)', ...foundAgain],
    asked: ['give_up a.mxf', 'stopped'],
    also: (scene) => assert.is(scene.file().leftParts.length, 1),
  },
  {
    claim: 'what is being published stays for the next start',
    given: () => stop(publishing()),
    when: deadline,
    status: 'VERIFYING',
    wrote: [],
    asked: ['stopped'],
    also: (scene) => assert.equal(scene.restarts().online().last.asked, ['publish a.mxf as a.mxf']),
  },
  {
    claim: 'once stopped, it is not reported again',
    given: () => stop(ready()),
    when: deadline,
    status: 'READY',
    hold: 'network',
    wrote: [],
    asked: [],
  },
]);

test('stopRequested: nothing is listed, checked, hashed or swept after the request', () => {
  const scene = stop(completed());
  scene.send({ kind: 'paths_noticed', route: scene.route().settings.name, paths: ['a.mxf'] });
  assert.equal(scene.last.asked, []);
  scene.sees(entry('a.mxf', 5_000, 2));
  assert.equal(
    scene
      .after(10_000_000)
      .tick()
      .last.asked.filter((asked) => asked !== 'probe ingest'),
    [],
  );
});

test('stopRequested: a report after the end changes only its own file', () => {
  const scene = stop(publishing());
  deadline(scene);
  scene.reports({ kind: 'already_there', hash, readback: 'direct', fingerprint: scene.file().fingerprint });
  assert.is(scene.file().status, 'COMPLETED');
  assert.not(scene.last.asked.includes('stopped'));
});

test('nextWake: with nothing to do, it is the next listing or probe', () => {
  const scene = shut();
  assert.is(nextWake(scene.state), scene.at() + 1_000);
  scene.online().lists();
  assert.is(nextWake(scene.state), scene.at() + 3_600_000);
});

test.run();
