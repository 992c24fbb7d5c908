import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CopyReport } from '../../src/model/copy.ts';
import type { SourceEntry } from '../../src/model/file.ts';
import { viewFile } from '../../src/snapshot/file-view.ts';
import { viewRoute } from '../../src/snapshot/route-view.ts';
import type { Scene } from '../support/scene.ts';
import { ingest, type SceneSettings } from '../support/settings.ts';
import { copied, open, preflight, published, rested, shut, verified } from '../support/stages.ts';
import { entry, fingerprint, hash } from '../support/words.ts';

const identity = { device: '41', inode: '9' };
/** The identity of one file, whatever its path. */
const same = (path: string, more: Partial<SourceEntry> = {}): SourceEntry => entry(path, 5_000, 1, { identity, ...more });
const link = { route: { onRename: 'link' } } as const;
const linked: CopyReport = { kind: 'linked', hash, readback: 'direct', fingerprint: fingerprint(5_000) };

/** Copies a file of the source. */
function copiedFile(settings: SceneSettings = {}, path = 'a.mxf'): Scene {
  const scene = rested(open(settings), same(path));
  return scene
    .reports(preflight(scene, {}, path), path)
    .reports(copied(), path)
    .reports(verified, path)
    .reports(published, path);
}

/** The file is seen under another path, has settled there, and is in preflight. */
function renamed(settings: SceneSettings = {}): Scene {
  const scene = rested(copiedFile(settings), same('b.mxf')).lists(['a.mxf']);
  return scene.reports(preflight(scene, {}, 'b.mxf'), 'b.mxf');
}

const lastRecordOf = (scene: Scene, path: string) => {
  const record = scene.journal.findLast((one) => (one.kind === 'file_fact' || one.kind === 'transition') && one.file.source === path);
  if (record?.kind !== 'file_fact' && record?.kind !== 'transition') throw new Error(`nothing was written of ${path}`);
  return record.file;
};
const orderOf = (scene: Scene) => scene.last.effects.flatMap((effect) => (effect.kind === 'copy' ? effect.order : [])).at(-1);
const renamedOf = (scene: Scene) => viewRoute(scene.state, scene.route()).renamed;

test('renames: a copied file with another path is reported with both names, once the first is gone', () => {
  const scene = copiedFile().sees(same('b.mxf'));
  assert.not('renamedFrom' in viewFile(scene.file('b.mxf'), true));
  scene.lists(['a.mxf']);
  assert.equal(scene.last.wrote, ['b.mxf: - renamed_from', 'a.mxf: - renamed', 'ingest: note renamed']);
  assert.is(viewFile(scene.file('b.mxf'), true).renamedFrom, 'a.mxf');
  assert.is(viewFile(lastRecordOf(scene, 'a.mxf'), true).renamedTo, 'b.mxf');
  const latest = { what: 'file', from: 'a.mxf', to: 'b.mxf', files: 1, onRename: 'copy' };
  assert.equal(renamedOf(scene), { latest, count: 1 });
});

test('renames: it is copied again under its new name', () => {
  const order = orderOf(renamed());
  assert.equal([order?.destination, order?.linkFrom, order?.compare], ['b.mxf', undefined, false]);
});

test('renames: on_rename = link gives its copy the new name too', () => {
  const scene = renamed(link);
  assert.equal([orderOf(scene)?.destination, orderOf(scene)?.linkFrom], ['b.mxf', 'a.mxf']);
  scene.reports(linked, 'b.mxf');
  assert.equal(scene.last.wrote, ['b.mxf: COPYING > VERIFYING (copied)', 'b.mxf: VERIFYING > COMPLETED (linked)']);
  const file = scene.as('COMPLETED', 'b.mxf');
  assert.equal([file.copied, file.readback, file.hash], [false, 'direct', hash]);
});

test('renames: a file that cannot be linked is copied, in this attempt and in later ones', () => {
  const scene = renamed(link).reports({ kind: 'not_linked', why: 'differs' }, 'b.mxf');
  assert.equal(scene.last.wrote, ['b.mxf: - not_linked']);
  const order = orderOf(scene);
  assert.equal([order?.linkFrom, order?.compare], [undefined, false]);
  assert.match(order?.part ?? '', /^\.b\.mxf\..*\.part$/);
  scene.reports({ kind: 'creating' }, 'b.mxf').reports(copied(), 'b.mxf').reports(verified, 'b.mxf').reports(published, 'b.mxf');
  assert.is(scene.as('COMPLETED', 'b.mxf').copied, true);
});

test('renames: a requested link ends, although its earlier name is copied again and then gone', () => {
  const scene = rested(copiedFile({ ...link, lanes: 1 }), same('b.mxf'));
  scene.reports(preflight(scene, {}, 'b.mxf'), 'b.mxf');
  assert.is(orderOf(scene)?.linkFrom, 'a.mxf');
  const action = { do: 'retry', route: ingest, source: 'a.mxf' } as const;
  scene.send({ kind: 'operator_asked', action, who: { by: 'somebody', reason: null } }).lists(['a.mxf']);
  assert.is(scene.file('b.mxf').renamedFrom?.isGone, true);
  scene.reports({ kind: 'not_linked', why: 'differs' }, 'b.mxf');
  assert.equal([orderOf(scene)?.destination, orderOf(scene)?.linkFrom], ['b.mxf', undefined]);
  assert.is(scene.as('COPYING', 'b.mxf').comparing, false);
});

test('renames: a link that was requested before a crash is looked for under the same name', () => {
  const scene = renamed(link).restarts().online();
  assert.equal([scene.file('b.mxf').destination, scene.file('b.mxf').status], ['b.mxf', 'IN_QUEUE']);
  scene.reports(preflight(scene, { existingSizeBytes: 5_000 }, 'b.mxf'), 'b.mxf');
  assert.is(orderOf(scene)?.compare, true);
});

test('renames: no link if the destination has no links, or another file with the new name', () => {
  const noLinks = rested(copiedFile(link), same('b.mxf'));
  noLinks.route().linksRefused = true;
  noLinks.reports(preflight(noLinks, {}, 'b.mxf'), 'b.mxf');
  assert.is(orderOf(noLinks)?.linkFrom, undefined);
  const there = rested(copiedFile(link), same('b.mxf'));
  there.reports(preflight(there, { existingSizeBytes: 5_000 }, 'b.mxf'), 'b.mxf');
  assert.equal([orderOf(there)?.linkFrom, orderOf(there)?.compare], [undefined, true]);
});

test('renames: a file that keeps both paths was not renamed', () => {
  const scene = copiedFile().sees(same('b.mxf')).lists();
  assert.equal([scene.file('b.mxf').renamedFrom?.isGone, renamedOf(scene)], [false, null]);
});

for (const [what, other] of [
  ['another inode', { identity: { device: '41', inode: '10' } }],
  ['another device', { identity: { device: '42', inode: '9' } }],
  ['no inode that could be trusted', { identity: null }],
  ['another time', { fingerprint: fingerprint(5_000, 2) }],
  ['another size', { fingerprint: fingerprint(6_000, 1) }],
] as const) {
  test(`renames: a file with ${what} is another file`, () => {
    const scene = copiedFile().sees(same('b.mxf', other)).lists(['a.mxf']);
    assert.equal([scene.file('b.mxf').renamedFrom, renamedOf(scene)], [undefined, null]);
  });
}

test('renames: one made while the agent was stopped is found from the journal', () => {
  const scene = copiedFile(link).restarts().online();
  scene
    .sees(same('b.mxf'))
    .lists()
    .checks({ absent: ['a.mxf'] });
  assert.is(viewFile(scene.file('b.mxf'), true).renamedFrom, 'a.mxf');
  assert.is(scene.file('b.mxf').renamedFrom?.copy, 'a.mxf');
});

test('renames: found after a restart that comes before the first path is found to be gone', () => {
  const scene = copiedFile().sees(same('b.mxf')).restarts().online();
  scene
    .sees(same('b.mxf'))
    .lists()
    .checks({ absent: ['a.mxf'] });
  assert.is(viewFile(scene.file('b.mxf'), true).renamedFrom, 'a.mxf');
});

test('renames: a file that waits to be copied and is renamed is not lost, and its record has the new path', () => {
  const scene = rested(shut(), same('a.mxf')).sees(same('b.mxf')).lists(['a.mxf']);
  assert.equal(scene.last.wrote, ['b.mxf: - renamed_from', 'a.mxf: READY > REMOVED (renamed)', 'ingest: note renamed']);
  const removed = lastRecordOf(scene, 'a.mxf');
  assert.equal([removed.status, 'isLost' in removed && removed.isLost, removed.renamedTo], ['REMOVED', false, 'b.mxf']);
  assert.is(renamedOf(scene)?.latest.onRename, null);
});

test('renames: a running copy continues, and the file is then copied under the new name', () => {
  const scene = rested(open(), same('a.mxf'));
  scene.reports(preflight(scene)).reports({ kind: 'creating' }).sees(same('b.mxf')).lists(['a.mxf']);
  assert.equal(scene.last.wrote.slice(0, 2), ['b.mxf: - renamed_from', 'a.mxf: - renamed']);
  scene.reports(copied()).reports(verified).reports(published);
  assert.equal([scene.as('COMPLETED').renamedTo, scene.as('COMPLETED').sourceGone], ['b.mxf', true]);
});

test('renames: renamed again before it was copied, it still has its first copy', () => {
  const scene = copiedFile(link).sees(same('b.mxf')).lists(['a.mxf']);
  rested(scene, same('c.mxf')).lists(['b.mxf']);
  scene.reports(preflight(scene, {}, 'c.mxf'), 'c.mxf');
  assert.equal([orderOf(scene)?.linkFrom, scene.file('c.mxf').renamedFrom?.source], ['a.mxf', 'b.mxf']);
});

test('renames: a file that is renamed over another one that was copied', () => {
  const scene = copiedFile();
  rested(scene, entry('b.mxf', 7_000, 3, { identity: { device: '41', inode: '12' } }));
  scene.reports(preflight(scene, {}, 'b.mxf'), 'b.mxf').reports(copied(7_000, 3), 'b.mxf');
  scene.reports(verified, 'b.mxf').reports(published, 'b.mxf');
  scene.sees(same('b.mxf')).lists(['a.mxf']);
  assert.is(viewFile(scene.file('b.mxf'), true).renamedFrom, 'a.mxf');
});

test('renames: a file that gets its first path back is at the source and has no other path', () => {
  const scene = rested(open(), same('a.mxf'));
  scene.reports(preflight(scene, { existingSizeBytes: 1 })).reports(preflight(scene));
  scene.reports(copied()).reports(verified).reports(published);
  assert.is(scene.file().destination, 'a_1.mxf');
  scene.sees(same('b.mxf')).lists(['a.mxf']).sees(same('a.mxf'));
  assert.equal([scene.as('COMPLETED').sourceGone, scene.as('COMPLETED').renamedTo], [false, undefined]);
});

test('renames: they are reported for a day', () => {
  const scene = copiedFile().sees(same('b.mxf')).lists(['a.mxf']);
  assert.is(renamedOf(scene.after(86_399_000).tick())?.count, 1);
  assert.is(renamedOf(scene.after(2_000).tick()), null);
});

test.run();
