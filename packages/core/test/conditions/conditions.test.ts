import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { conditionWake } from '../../src/conditions/conditions.ts';
import type { RouteEvent } from '../../src/messages/route-event.ts';
import { viewConditions } from '../../src/snapshot/condition-view.ts';
import { timeText } from '../../src/snapshot/file-view.ts';
import { createScene, epoch, type Scene } from '../support/scene.ts';
import { awaitingSpace, close, inPreflight, open, preflight, queued } from '../support/stages.ts';
import { entry } from '../support/words.ts';

const second = 1_000;
const minute = 60_000;

/** Lets time pass with a destination that is online or offline. */
function live(scene: Scene, ms: number, isOnline: boolean): { readonly calls: string[]; readonly facts: RouteEvent[] } {
  const from = scene.journal.length;
  const calls: string[] = [];
  const until = scene.at() + ms;
  const note = (): void => void calls.push(...scene.last.asked.filter((text) => text.startsWith('attention')));
  while (scene.at() < until) {
    scene.pass(Math.min(500, until - scene.at()));
    note();
    if (scene.route().gate.outstanding === null) continue;
    if (isOnline) scene.online();
    else scene.offline();
    note();
  }
  const facts = scene.journal.slice(from).flatMap((record) => (record.kind === 'route_fact' ? [record.event] : []));
  return { calls, facts };
}

const called = (facts: readonly RouteEvent[]): string[] =>
  facts.flatMap((fact) => (fact.kind === 'person_called' ? [fact.troubles.join() || 'none'] : []));

test('pursueConditions: an outage that began under an earlier agent has lasted since then, and calls at once if that is long', () => {
  const scene = close(open());
  const { name, destination } = scene.route().settings;
  const since = epoch + scene.at() - 10 * minute;
  scene.after(second).restarts({ outages: [{ route: name, destination, since }] });
  const { calls } = live(scene, 2 * second, false);
  assert.equal(calls, ['attention ingest destination_offline']);
  assert.equal(viewConditions(scene.state, scene.route())[0]?.since, timeText(since));
});

test('pursueConditions: an offline destination calls a person once, after attention_after, and never again while it lasts', () => {
  const scene = close(open());
  assert.equal(live(scene, minute - second, false).calls, []);
  const { calls, facts } = live(scene, 24 * 60 * minute, false);
  assert.equal(calls, ['attention ingest destination_offline']);
  assert.equal(called(facts), ['destination']);
});

test('pursueConditions: a destination that is offline repeatedly for short times calls no person', () => {
  const scene = open();
  for (let time = 0; time < 50; time += 1) {
    close(scene);
    assert.equal(live(scene, 30 * second, false).calls, []);
    scene.online();
    assert.equal(live(scene, 30 * second, true).calls, []);
  }
});

test('pursueConditions: a condition that ended less than attention_after ago still counts, and no person is called twice', () => {
  const scene = close(open());
  assert.is(live(scene, 2 * minute, false).calls.length, 1);
  scene.online();
  live(scene, 30 * second, true);
  close(scene);
  assert.equal(live(scene, 10 * minute, false).calls, []);
});

test('pursueConditions: after an outage has been over for attention_after, the next one calls again', () => {
  const scene = close(open());
  live(scene, 2 * minute, false);
  scene.online();
  assert.equal(called(live(scene, 2 * minute, true).facts), ['none']);
  close(scene);
  assert.equal(live(scene, 2 * minute, false).calls, ['attention ingest destination_offline']);
});

test('pursueConditions: a wrong disk is another condition than an offline destination', () => {
  const scene = close(open());
  live(scene, 2 * minute, false);
  const wrong = { cause: 'not_the_destination', code: 'MARKER', finding: { kind: 'marker_missing', expected: 'm' } } as const;
  const calls: string[] = [];
  for (let time = 0; time < 90; time += 1) {
    calls.push(...scene.pass(second).last.asked.filter((text) => text.startsWith('attention')));
    if (scene.route().gate.outstanding !== null)
      calls.push(...scene.offline(wrong).last.asked.filter((text) => text.startsWith('attention')));
  }
  assert.equal(calls, ['attention ingest destination_offline']);
  assert.ok(scene.route().troubles.get('wrong_disk')?.isCalled);
});

test('pursueConditions: after a restart no person is called again for the same condition', () => {
  const scene = close(open());
  live(scene, 2 * minute, false);
  scene.restarts();
  assert.equal(live(scene, 10 * minute, false).calls, []);
});

test('pursueConditions: each offline state of a source calls a person', () => {
  for (const state of ['missing', 'unreadable', 'silent', 'suddenly_empty'] as const) {
    const scene = open();
    const event = { state, code: 'EIO', unreadPath: null, freeBytes: null, cacheMs: 0, description: null };
    scene.send({ kind: 'source_state', route: scene.route().settings.name, ...event });
    assert.equal(live(scene, minute - second, true).calls, []);
    assert.equal(live(scene, 10 * minute, true).calls, ['attention ingest source_away'], state);
  }
});

test('pursueConditions: a lack of room is recorded after a moment, again every ten minutes, and calls a person', () => {
  const scene = awaitingSpace();
  scene.online({ space: { totalBytes: 1e9, freeBytes: 1_000 } });
  const facts: RouteEvent[] = [];
  const calls: string[] = [];
  const until = scene.at() + 25 * minute;
  while (scene.at() < until) {
    scene.pass(second);
    calls.push(...scene.last.asked.filter((text) => text.startsWith('attention')));
    if (scene.route().gate.outstanding === null) continue;
    scene.online({ space: { totalBytes: 1e9, freeBytes: 1_000 } });
    calls.push(...scene.last.asked.filter((text) => text.startsWith('attention')));
  }
  for (const record of scene.journal) if (record.kind === 'route_fact') facts.push(record.event);
  const short = facts.flatMap((fact) => (fact.kind === 'room_short' ? [fact] : []));
  assert.equal(
    short.map(({ forMs }) => Math.floor(forMs / minute)),
    [0, 10, 20],
  );
  assert.equal(short[0]?.room, {
    isFull: true,
    freeBytes: 1_000,
    totalBytes: 1e9,
    keepFree: scene.route().settings.space.keepFree,
    reservedBytes: 0,
    files: 1,
    bytes: 5_000,
    tooLarge: null,
  });
  assert.equal(calls, ['attention ingest no_room']);

  scene.online();
  const { facts: after } = live(scene, 2 * minute, true);
  assert.equal(
    after.flatMap((fact) => (fact.kind === 'room_enough' ? [fact.kind] : [])),
    ['room_enough'],
  );
});

test('roomShort: a file that is larger than the whole destination is named', () => {
  const scene = inPreflight({ route: { space: { keepFree: { bytes: 1_000 }, warnBelow: { share: 0.05 }, retryEveryMs: 30_000 } } });
  scene.reports(preflight(scene, { freeBytes: 4_500 }));
  scene.online({ space: { totalBytes: 5_500, freeBytes: 4_500 } });
  live(scene, 0, true);
  scene.pass(2 * second);
  const short = scene.journal.flatMap((record) =>
    record.kind === 'route_fact' && record.event.kind === 'room_short' ? [record.event] : [],
  );
  assert.equal(short[0]?.room.tooLarge, { files: 1, source: 'a.mxf', sizeBytes: 5_000 });
  assert.is(short[0]?.room.isFull, false);
});

test('pursueConditions: a marker that stays unclear calls a person, as an offline destination does', () => {
  const unclear = { cause: 'unknown', code: 'MARKER_UNCLEAR', finding: { kind: 'marker_unclear', operation: 'read the marker' } } as const;
  const scene = close(open()).offline(unclear);
  const calls: string[] = [];
  for (let time = 0; time < 90; time += 1) {
    calls.push(...scene.pass(second).last.asked.filter((text) => text.startsWith('attention')));
    if (scene.route().gate.outstanding !== null) scene.offline(unclear);
  }
  assert.equal(calls, ['attention ingest destination_offline']);
});

test('conditionWake: a condition whose state is unknown sets no wake-up in the past', () => {
  const wrong = { cause: 'not_the_destination', code: 'MARKER', finding: { kind: 'marker_missing', expected: 'm' } } as const;
  const ends = { cause: 'unknown', code: 'ENDED', finding: { kind: 'agent_ends', operation: 'create a probe file' } } as const;
  const scene = close(open()).offline(wrong).offline(ends);
  assert.ok(scene.route().troubles.has('wrong_disk'));
  scene.after(2 * minute).tick();
  assert.ok(conditionWake(scene.state, scene.route()) > scene.at());
});

test('conditionWake: a lack of room sets no wake-up in the past while the destination is offline', () => {
  const scene = awaitingSpace();
  scene.online({ space: { totalBytes: 1e9, freeBytes: 1_000 } });
  assert.not.ok(scene.route().roomReported === null);
  close(scene)
    .after(2 * minute)
    .tick();
  assert.ok(scene.route().troubles.has('room'));
  assert.ok(conditionWake(scene.state, scene.route()) > scene.at());
});

test('pursueConditions: a destination that has not been probed yet calls no person', () => {
  const scene = createScene();
  scene.after(10 * minute).tick();
  assert.equal(
    scene.last.asked.filter((text) => text.startsWith('attention')),
    [],
  );
});

/** Lets time pass. @returns the requests to the hooks */
function hooksOf(scene: Scene, ms: number): string[] {
  const until = scene.at() + ms;
  const asked: string[] = [];
  const note = (): void => void asked.push(...scene.last.asked.filter((text) => /^(?:attention|over) /.test(text)));
  while (scene.at() < until) {
    scene.pass(Math.min(500, until - scene.at()));
    note();
    if (scene.route().gate.outstanding === null) continue;
    scene.online();
    note();
  }
  return asked;
}

const space = (scene: Scene, freeBytes: number | null, totalBytes: number | null = 1e12): Scene => {
  const event = { state: 'ok', code: null, unreadPath: null, cacheMs: 0, description: null } as const;
  return scene.send({ kind: 'source_state', route: scene.route().settings.name, ...event, freeBytes, totalBytes });
};

test('pursueConditions: a read-only destination is another condition than an offline one, and the end of each is reported', () => {
  const readOnly = { cause: 'read_only', code: 'EROFS', finding: { kind: 'call_failed', operation: 'create a probe file' } } as const;
  const scene = close(open()).offline(readOnly);
  const calls: string[] = [];
  for (let time = 0; time < 90; time += 1) {
    calls.push(...scene.pass(second).last.asked.filter((text) => text.startsWith('attention')));
    if (scene.route().gate.outstanding !== null) scene.offline(readOnly);
  }
  assert.equal(calls, ['attention ingest destination_offline']);
  assert.ok(scene.route().troubles.get('read_only')?.isCalled);
  assert.equal(hooksOf(scene, 3 * minute), ['over ingest read_only']);
});

test('pursueConditions: the end of a condition for which a person was called is reported, once', () => {
  const scene = close(open());
  live(scene, 2 * minute, false);
  assert.equal(hooksOf(scene, 10 * minute), ['over ingest destination']);
});

test('pursueConditions: a condition that ended before a person was called is not reported', () => {
  const scene = close(open());
  live(scene, 30 * second, false);
  assert.equal(hooksOf(scene, 10 * minute), []);
});

test('pursueConditions: a source with less room than source_warn_below calls a person, and the condition ends when it has more', () => {
  for (const sourceWarnBelow of [{ bytes: 1e10 }, { share: 0.01 }]) {
    const scene = open({ route: { sourceWarnBelow } });
    space(scene, 1e10);
    assert.equal(hooksOf(scene, 3 * minute), []);
    space(scene, 1e10 - 1);
    assert.equal(hooksOf(scene, 3 * minute), ['attention ingest source_nearly_full']);
    space(scene, 1e10);
    assert.equal(hooksOf(scene, 3 * minute), ['over ingest source_nearly_full']);
  }
});

test('pursueConditions: a source with unknown free space calls no person, and ends no condition', () => {
  const scene = open({ route: { sourceWarnBelow: { bytes: 1e10 } } });
  space(scene, null, null);
  assert.equal(hooksOf(scene, 3 * minute), []);
  space(scene, 1);
  assert.equal(hooksOf(scene, 3 * minute), ['attention ingest source_nearly_full']);
  space(scene, null, null);
  assert.equal(hooksOf(scene, 3 * minute), []);
});

test('pursueConditions: each file that needs a person causes a call, and the end is reported when there is none any more', () => {
  const scene = open();
  const asked: string[] = [];
  for (const path of ['a', 'b']) asked.push(...scene.sees(entry(path, 1, 1, { nameValid: false })).last.asked);
  assert.equal(
    asked.filter((text) => text.startsWith('attention')),
    ['attention a name_invalid', 'attention b name_invalid'],
  );
  assert.equal(
    viewConditions(scene.state, scene.route()).map(({ name, condition }) => [name, 'files' in condition && condition.files]),
    [['files_need_you', 2]],
  );
  scene.lists(['a']);
  assert.equal(hooksOf(scene, 3 * minute), []);
  scene.lists(['b']);
  assert.equal(hooksOf(scene, 3 * minute), ['over ingest files_need_you']);
});

test('pursueConditions: a file that vanished before its copy causes a call, and the end is reported when it is acknowledged', () => {
  const scene = queued();
  scene.checks({ absent: ['a.mxf'] });
  assert.ok(scene.last.asked.includes('attention a.mxf file_lost'), scene.last.asked.join());
  assert.equal(hooksOf(scene, 10 * minute), []);
  const who = { by: 'ann', reason: null };
  scene.send({ kind: 'operator_asked', action: { do: 'acknowledge', route: scene.route().settings.name }, who });
  assert.equal(hooksOf(scene, 10 * minute), ['over ingest files_lost']);
});

test('viewConditions: returns the present conditions and when each began, also after a restart', () => {
  const scene = close(open());
  const since = timeText(scene.wall());
  live(scene, 10 * second, false);
  const [early] = viewConditions(scene.state, scene.route());
  assert.equal([early?.name, early?.since, early?.isCalled], ['destination', since, false]);
  live(scene, 2 * minute, false);
  scene.restarts();
  scene.offline();
  const [late] = viewConditions(scene.state, scene.route());
  assert.equal([late?.name, late?.since, late?.isCalled], ['destination', since, true]);
});

test.run();
