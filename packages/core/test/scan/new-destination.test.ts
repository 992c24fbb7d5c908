import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { RouteFactRecord } from '../../src/messages/record.ts';
import type { Scene } from '../support/scene.ts';
import { completed } from '../support/stages.ts';
import { ingest } from '../support/test-core.ts';
import { entry } from '../support/words.ts';

const former = 'ffffffff-0000-4000-8000-000000000000';

/** `a.mxf` was copied to another destination. The agent starts with the destination in the present settings. */
function moved(marker: string | null): Scene {
  const destination = '/mnt/former';
  const event =
    marker === null
      ? ({ kind: 'destination_forgotten', destination } as const)
      : ({ kind: 'destination_known', marker, destination } as const);
  const fact: RouteFactRecord = { kind: 'route_fact', seq: 1, at: 0, key: 'marker', route: ingest, event };
  return completed().restarts({ routeFacts: [fact] });
}

/** Lists the source twice: a path counts as missing only after two listings. */
const listed = (scene: Scene): Scene => scene.sees(entry('a.mxf')).lists().after(1_000).lists();

const known = (scene: Scene): readonly string[] =>
  scene.journal.flatMap((record) =>
    record.kind === 'route_fact' && record.event.kind === 'destination_known' ? [record.event.marker] : [],
  );

test('moved: a file that was copied to another destination is compared with the new one, and copied if it is missing', () => {
  const scene = listed(moved(former).online({ marker: 'here' }));
  assert.is(scene.tick().file().status, 'IN_QUEUE');
  assert.is(scene.file().destination, 'a.mxf', 'under its own name');
  assert.is(known(scene).at(-1), 'here');
  assert.is(scene.route().movedFrom, null);
});

test('moved: a change from a destination without a marker counts too', () => {
  const scene = listed(moved(null).online({ marker: null }));
  assert.is(scene.tick().file().status, 'IN_QUEUE');
});

test('moved: before the destination is online and the source is listed, nothing is compared and the route is not idle', () => {
  const offline = listed(moved(former));
  assert.is(offline.tick().file().status, 'COMPLETED');
  offline.after(60_000).lists().after(60_000).lists();
  assert.not.ok(offline.route().quiet.isIdle);
  const unlisted = moved(former).online({ marker: 'here' });
  assert.is(unlisted.tick().file().status, 'COMPLETED');
  assert.not.ok(known(unlisted).includes('here'), 'an agent that starts again knows that it is not done');
});

test('moved: the same storage at another path has its copies', () => {
  const scene = listed(moved(former).online({ marker: former }));
  assert.is(scene.tick().file().status, 'COMPLETED');
  assert.is(known(scene).at(-1), former);
});

test('moved: a file that is gone at the source is not copied and does not count as lost', () => {
  const scene = moved(former).online({ marker: 'here' }).lists().after(1_000).lists();
  scene.checks({ absent: ['a.mxf'] }).tick();
  assert.is(scene.route().newest.size, 0);
  assert.is(scene.route().movedFrom, null);
  assert.is(scene.route().lostNow.size, 0);
});

test.run();
