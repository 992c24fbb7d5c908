import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type CompletedFile } from '../../src/model/file.ts';
import type { RemovalReport } from '../../src/model/removal.ts';
import { refusal } from '../../src/operator/refusal.ts';
import { isRemoving } from '../../src/removal/removal.ts';
import { viewRemovals } from '../../src/snapshot/removal-view.ts';
import type { Scene } from '../support/scene.ts';
import { ingest } from '../support/settings.ts';
import { published, publishing } from '../support/stages.ts';

const adopts = { do: 'adopt', route: ingest } as const;

/** The disk with this identity is at the path of the source. */
function disk(scene: Scene, folder: string): Scene {
  const facts = { state: 'ok', code: null, unreadPath: null, freeBytes: null, cacheMs: 0, description: null } as const;
  return scene.send({ kind: 'source_state', route: ingest, ...facts, folder });
}

const fileIn = (scene: Scene): CompletedFile => scene.file('a.mxf') as CompletedFile;
const orders = (scene: Scene): string[] =>
  scene.last.effects.flatMap((effect) => (effect.kind === 'remove_source' ? effect.order.step : []));
const kinds = (scene: Scene): string[] => scene.last.records.flatMap((record) => ('event' in record ? record.event.kind : []));

/** A file is copied from the disk A, and its removal is due after a minute. */
function copiedFromA(): Scene {
  const scene = disk(publishing({ route: { afterCopy: 'delete', afterCopyWaitMs: 60_000 } }), 'A').reports(published);
  assert.is(fileIn(scene).removal?.folder, 'A');
  return scene;
}

/** Another disk is at the path of the destination. */
function wrongDestination(scene: Scene): Scene {
  scene.route().gate.askedAt = scene.at();
  return scene.offline({ cause: 'not_the_destination' });
}

/** Its removal has reached the hidden name. */
function hidden(): Scene {
  const scene = copiedFromA().pass(60_000);
  const { id } = fileIn(scene);
  const removalId = scene.route().removals.ordered.get(id);
  if (removalId === undefined) throw new Error('no order is under way');
  const report: RemovalReport = { kind: 'hidden', changeNs: '7' };
  return scene.send({ kind: 'removal_reported', route: ingest, fileId: id, removalId, report });
}

test('a file is not removed while another disk is at the path of its source, and status says so', () => {
  const scene = disk(copiedFromA(), 'B').pass(60_000);
  assert.equal(orders(scene), []);
  assert.is(viewRemovals(scene.state, scene.route())?.waiting?.wait, 'other_source');
  const back = disk(scene, 'A').pass(60_000);
  assert.is(back.route().removals.ordered.size, 1, 'the earlier disk is back');
});

test('after a restart, a file of another disk is still not removed', () => {
  const scene = disk(copiedFromA().restarts(), 'B').online().pass(60_000);
  assert.equal(orders(scene), []);
});

test('adopt: what was copied from the earlier disk is not removed any more', () => {
  const there = copiedFromA();
  assert.equal(refusal(there.state, adopts), { kind: 'destination_online' });
  const scene = disk(there, 'B');
  assert.is(refusal(scene.state, adopts), null);
  scene.send({ kind: 'operator_asked', action: adopts, who: { by: 'ann', reason: null } });
  assert.equal(kinds(scene), ['source_adopted', 'removal_off']);
  assert.is(fileIn(scene).removal, undefined);
  assert.is(fileIn(scene).afterCopy, 'none');
  assert.is(scene.route().gate.state, 'open', 'the destination is the known one, and stays online');
  assert.equal(orders(disk(scene, 'A').pass(600_000)), []);
});

test('a hidden file waits for its disk, holds up nothing, and is let go by adopt', () => {
  const scene = disk(hidden(), 'B').pass(60_000);
  assert.equal(orders(scene), []);
  assert.is(isRemoving(scene.state, scene.route()), false, '--until-idle does not wait for it');
  assert.equal(orders(disk(scene, 'A')), ['remove']);
  const other = disk(hidden(), 'B');
  other.send({ kind: 'operator_asked', action: adopts, who: { by: 'ann', reason: null } });
  assert.is(other.route().removals.wanted.size, 0);
});

test('adopt of another disk as the destination: nothing that was copied to the earlier one is removed', () => {
  const scene = wrongDestination(copiedFromA());
  scene.send({ kind: 'operator_asked', action: adopts, who: { by: 'ann', reason: null } });
  assert.is(fileIn(scene).removal, undefined);
  assert.equal(orders(scene.online().pass(600_000)), []);
});

test('adopt of another destination: a hidden file gets its name back', () => {
  const scene = wrongDestination(hidden());
  scene.send({ kind: 'operator_asked', action: adopts, who: { by: 'ann', reason: null } });
  assert.equal(orders(scene.pass(60_000)), ['restore']);
});

test.run();
