import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompletedFile } from '../../src/model/file.ts';
import { fileId } from '../../src/model/ids.ts';
import { limits } from '../../src/model/limits.ts';
import type { RemovalReport } from '../../src/model/removal.ts';
import { viewRemovals } from '../../src/snapshot/removal-view.ts';
import { recallRenames } from '../../src/state/names.ts';
import type { RouteChanges } from '../fixtures/route-settings.ts';
import { ask, hold, steer } from '../operator/asking.ts';
import type { Scene } from '../support/scene.ts';
import { archive, ingest } from '../support/settings.ts';
import {
  close,
  completed,
  copied,
  copying,
  open,
  preflight,
  published,
  publishing,
  rested,
  verified,
  verifying,
} from '../support/stages.ts';
import { entry } from '../support/words.ts';

const deletes: RouteChanges = { afterCopy: 'delete', afterCopyWaitMs: 0 };
/** Reports the state of the source: while it is unknown, nothing is removed. */
const well = (scene: Scene, state: 'ok' | 'silent' = 'ok', folder?: string): Scene => {
  const source = { code: null, unreadPath: null, freeBytes: null, cacheMs: 0, description: null };
  return scene.send({ kind: 'source_state', route: ingest, state, ...source, ...(folder === undefined ? {} : { folder }) });
};

const deleting = (route: RouteChanges = deletes): Scene => well(completed({ route })).tick();

const fileIn = (scene: Scene, path = 'a.mxf'): CompletedFile => scene.file(path) as CompletedFile;
const step = (scene: Scene): string | undefined => fileIn(scene).removal?.step;

/** Answers the pending order of a file. */
function answers(scene: Scene, report: RemovalReport, file: CompletedFile = fileIn(scene)): Scene {
  const removalId = scene.route().removals.ordered.get(file.id);
  if (removalId === undefined) throw new Error(`no order is under way for ${file.source}`);
  return scene.send({ kind: 'removal_reported', route: ingest, fileId: file.id, removalId, report });
}

const hidden: RemovalReport = { kind: 'hidden', changeNs: '7' };
const removed: RemovalReport = { kind: 'removed', archivedAs: null, folders: [] };
const denied: RemovalReport = { kind: 'failed', code: 'EACCES', operation: 'rename a.mxf' };

const hiding = (): Scene => deleting();
const resting = (): Scene => answers(hiding(), hidden);
const removing = (): Scene => resting().pass(5_000);
const restoring = (): Scene => answers(removing(), { kind: 'not_removed', why: 'changed' });

const kinds = (scene: Scene): string[] => scene.last.records.flatMap((record) => ('event' in record ? record.event.kind : []));

test('after_copy = "delete": hidden, at rest for stable_after, removed; each intent is committed before', () => {
  const scene = hiding();
  assert.is(step(scene), 'hiding');
  assert.is(fileIn(scene).afterCopy, 'pending');
  const [id8] = fileIn(scene).id.split('-');
  assert.is(fileIn(scene).removal?.hiddenAs, `.a.mxf.${id8}.sluice-done`);
  answers(scene, hidden);
  assert.equal(kinds(scene), ['source_hidden']);
  assert.equal(scene.pass(4_999).last.asked, []);
  assert.equal(scene.pass(1).last.asked, ['remove a.mxf']);
  assert.equal(kinds(scene), ['source_to_remove']);
  const file = fileIn(scene);
  answers(scene, removed);
  assert.equal(kinds(scene), ['source_removed']);
  const record = scene.last.records[0];
  const done = record !== undefined && 'file' in record ? (record.file as CompletedFile) : null;
  assert.equal([done?.id, done?.status, done?.afterCopy, done?.sourceGone, done?.removal], [file.id, 'COMPLETED', 'done', true, undefined]);
  assert.not.ok(scene.state.files.has(file.id), 'core holds it no longer');
  assert.is(viewRemovals(scene.state, scene.route()), null);
});

test('empty folders that stay, because remove_empty_dirs is off, are counted', () => {
  const emptyFolders = (afterCopy: 'keep' | 'delete', removeEmptyDirs: boolean): number | undefined => {
    const scene = open({ route: { afterCopy, removeEmptyDirs } });
    scene.route().source.selection = { leftAlone: [{ rule: 'empty', pattern: null, count: 3, folders: 2, examples: [] }], unmatched: [] };
    return viewRemovals(scene.state, scene.route())?.emptyFolders;
  };
  assert.equal([emptyFolders('delete', false), emptyFolders('delete', true), emptyFolders('keep', false)], [2, undefined, undefined]);
});

test('after_copy = "keep": nothing is removed', () => {
  const scene = well(completed()).pass(600_000);
  assert.is(fileIn(scene).afterCopy, 'none');
  assert.not.ok(scene.journal.some((record) => 'event' in record && record.event.kind === 'removal_begins'));
});

const proofs: readonly [string, RouteChanges, 'direct' | 'cached' | 'size', 'pending' | 'none'][] = [
  ['read back past the cache', deletes, 'direct', 'pending'],
  ['read back through the cache', deletes, 'cached', 'none'],
  ['not read back', deletes, 'size', 'none'],
  ['read back through the cache, where that is accepted', { ...deletes, afterCopyProof: 'weak' }, 'cached', 'pending'],
];
for (const [what, route, readback, afterCopy] of proofs) {
  test(`after_copy: a copy that was ${what}: ${afterCopy}`, () => {
    const scene = verifying({ route })
      .reports({ ...verified, readback })
      .reports(published);
    assert.is(fileIn(scene).afterCopy, afterCopy);
    assert.is(kinds(scene).includes('removal_unproven'), afterCopy === 'none');
    assert.is(viewRemovals(scene.state, scene.route())?.unproven, afterCopy === 'none' ? 1 : 0);
  });
}

test('after_copy: a source that is gone already is not removed', () => {
  const scene = publishing({ route: deletes });
  scene.reports({ kind: 'published', notes: [{ kind: 'source_removed' }] });
  assert.is(fileIn(scene).afterCopy, 'none');
});

test('after_copy_wait: the removal does not begin before it has passed', () => {
  const scene = deleting({ ...deletes, afterCopyWaitMs: 60_000 });
  assert.is(step(scene), 'waits');
  // It was found 5 s before it was copied.
  assert.not.ok(scene.pass(54_000).last.asked.includes('hide a.mxf'));
  assert.ok(scene.pass(2_000).last.asked.includes('hide a.mxf'));
});

test('a hold of the route: no removal begins before its release', () => {
  const scene = deleting({ ...deletes, afterCopyWaitMs: 60_000 });
  hold(scene);
  assert.not.ok(scene.pass(120_000).last.asked.includes('hide a.mxf'));
  assert.ok(steer(scene, 'release').last.asked.includes('hide a.mxf'));
});

test('a source that does not answer: no removal begins', () => {
  const scene = deleting({ ...deletes, afterCopyWaitMs: 60_000 });
  well(scene, 'silent');
  assert.not.ok(scene.pass(120_000).last.asked.includes('hide a.mxf'));
  assert.ok(well(scene).last.asked.includes('hide a.mxf'));
});

const putOffs: readonly [RemovalReport & { kind: 'put_off' }, string][] = [
  [{ kind: 'put_off', why: 'open_for_writing' }, 'open_for_writing'],
  [{ kind: 'put_off', why: 'changed' }, 'changed'],
];
for (const [report, wait] of putOffs) {
  test(`put off (${report.why}): it is checked again later, without a record`, () => {
    const scene = answers(hiding(), report);
    assert.is(step(scene), 'waits');
    assert.is(viewRemovals(scene.state, scene.route())?.waiting?.wait, wait);
    scene.pass(10_000);
    assert.ok(scene.last.asked.includes('check a.mxf'));
    assert.equal(kinds(answers(scene, report)), []);
    scene.pass(60_000);
    assert.ok(answers(scene, { kind: 'removable' }).last.asked.includes('hide a.mxf'));
  });
}

test('a file that changed while it was hidden gets its name back, and is not removed', () => {
  const scene = restoring();
  assert.equal(scene.last.asked, ['restore a.mxf']);
  answers(scene, { kind: 'restored', wasHidden: true });
  assert.is(step(scene), 'waits');
  // The intake reports other bytes, so it is another file.
  scene.sees(entry('a.mxf', 6_000, 9));
  assert.is(scene.file().status, 'DISCOVERED');
  const old = scene.journal.findLast((record) => 'event' in record && record.event.kind === 'superseded');
  assert.is(old !== undefined && 'file' in old ? (old.file as CompletedFile).afterCopy : null, 'none');
});

test('a file that changed while it was hidden and whose name is taken: its bytes are compared with the copy', () => {
  const scene = restoring();
  const file = fileIn(scene);
  scene.sees(entry('a.mxf', 6_000, 9));
  answers(scene, { kind: 'name_taken' }, file);
  const order = scene.last.effects.find(({ kind }) => kind === 'remove_source');
  assert.ok(order?.kind === 'remove_source' && order.order.step === 'remove' && order.order.changeNs === null);
  answers(scene, { kind: 'not_removed', why: 'changed' }, file);
  const view = viewRemovals(scene.state, scene.route());
  assert.is(view?.failed?.code, 'NAME_TAKEN');
  assert.is(view?.failed?.hiddenAs, file.removal?.hiddenAs);
  assert.is(scene.file().status, 'DISCOVERED', 'the new file is copied like any other');
});

test('a route that is removed from the settings is there until a removal that has begun is over, and begins no other', () => {
  const scene = restoring();
  const others = { ...scene.state.settings, routes: scene.state.settings.routes.filter(({ name }) => name !== ingest) };
  scene.send({ kind: 'reloaded', settings: others, by: 'ann' });
  assert.not(scene.route().ending?.isDrained);
  answers(scene, { kind: 'restored', wasHidden: true });
  assert.ok(scene.route().ending?.isDrained);
  scene.after(3_600_000).tick();
  assert.equal(
    scene.last.asked.filter((asked) => asked.startsWith('hide')),
    [],
  );
});

test('a name that is taken holds up no other file', () => {
  const scene = restoring();
  const file = fileIn(scene);
  scene.sees(entry('a.mxf', 6_000, 9));
  answers(scene, { kind: 'name_taken' }, file);
  answers(scene, { kind: 'not_removed', why: 'changed' }, file);
  const { failures, notBefore } = scene.route().removals;
  assert.equal([failures, notBefore], [0, Number.NEGATIVE_INFINITY]);
});

const crashes: readonly [string, () => Scene, number, string][] = [
  ['hiding', hiding, 0, 'restore a.mxf'],
  ['hidden', resting, 5_000, 'remove a.mxf'],
  ['removing', removing, 0, 'remove a.mxf'],
  ['restoring', restoring, 0, 'restore a.mxf'],
];
for (const [at, begin, waitMs, asked] of crashes) {
  test(`killed while ${at}: the next run continues with "${asked}"`, () => {
    const scene = well(begin().restarts()).online();
    const all = [...scene.last.asked, ...scene.pass(waitMs).last.asked];
    assert.ok(all.includes(asked), all.join(', '));
  });

  // While the hidden file must stay unchanged, no step is ordered.
  if (at === 'hidden') continue;
  test(`the remover is lost while ${at}: it is ordered again`, () => {
    const scene = begin();
    scene.send({ kind: 'remover_lost', route: ingest, code: 'hung' });
    assert.ok(scene.pass(5_000).last.asked.includes(asked));
  });
}

test('killed while hidden, and a new file has its path: both are known', () => {
  const scene = resting();
  const old = fileIn(scene);
  scene
    .sees(entry('a.mxf', 6_000, 9))
    .restarts()
    .online();
  assert.is(scene.file().status, 'DISCOVERED');
  well(scene).pass(5_000);
  answers(scene, removed, old);
  assert.not.ok(scene.state.files.has(old.id));
  assert.is(scene.file().status, 'DISCOVERED', 'the new one stays');
});

test('after a restart, the file at the path of a hidden one has not its identity', () => {
  const scene = resting().sees(entry('a.mxf', 6_000, 9));
  const [old] = [...scene.state.files.values()].filter((file) => file.status === 'COMPLETED');
  recallRenames(scene.route(), { ...(old as CompletedFile), identity: '1:8' });
  recallRenames(scene.route(), scene.file());
  assert.is(scene.route().sourceFiles.textOf('a.mxf'), null);
});

test('after_copy is "keep" now: a hidden file gets its name back, and no other removal continues', () => {
  const scene = resting();
  (scene.route().settings as { afterCopy: string }).afterCopy = 'keep';
  assert.ok(scene.pass(5_000).last.asked.includes('restore a.mxf'));
  answers(scene, { kind: 'restored', wasHidden: true });
  scene.pass(10_000);
  assert.is(fileIn(scene).afterCopy, 'none');
});

test('a failed removal has its own state, is shown, is tried again after a pause, and ends when it succeeds', () => {
  const scene = answers(hiding(), denied);
  assert.is(scene.file().status, 'COMPLETED_DELETE_FAILED');
  assert.is(fileIn(scene).afterCopy, 'failed');
  assert.equal(scene.last.asked, ['restore a.mxf'], 'whether it was renamed is not known');
  answers(scene, { kind: 'restored', wasHidden: false });
  assert.is(viewRemovals(scene.state, scene.route())?.failed?.code, 'EACCES');
  const { removals } = scene.route();
  removals.waiting.set(scene.file().id, { wait: { kind: 'open_for_writing' }, since: 0, times: 1 });
  assert.is(viewRemovals(scene.state, scene.route())?.waiting, null, 'the file is counted once');
  removals.waiting.clear();
  assert.not.ok(scene.pass(4_900).last.asked.includes('check a.mxf'));
  assert.ok(scene.pass(200).last.asked.includes('check a.mxf'));
  assert.ok(answers(scene, { kind: 'removable' }).last.asked.includes('hide a.mxf'));
  answers(answers(scene, hidden).pass(5_000), removed);
  const last = scene.journal.at(-1);
  assert.equal(last !== undefined && 'to' in last ? [last.from, last.to] : null, ['COMPLETED_DELETE_FAILED', 'COMPLETED']);
});

const failing = (report: RemovalReport = denied): Scene => answers(answers(hiding(), report), { kind: 'restored', wasHidden: false });

test('a removal that fails again for the same reason adds nothing to the timeline; another reason does', () => {
  const scene = failing();
  for (let times = 2; times < 6; times += 1) {
    scene.pass(600_000);
    assert.equal(kinds(answers(scene, denied)), []);
    assert.is(fileIn(scene).removal?.failures, times);
    assert.ok(Date.parse(viewRemovals(scene.state, scene.route())?.failed?.retryAt ?? '') > scene.wall());
  }
  scene.pass(600_000);
  assert.equal(kinds(answers(scene, { ...denied, code: 'EROFS' })), ['removal_failed']);
  assert.is(viewRemovals(scene.state, scene.route())?.failed?.code, 'EROFS');
});

test('links are refused: it is tried again after a day, and at the next start', () => {
  const scene = failing({ kind: 'failed', code: 'NO_LINKS', operation: 'hide a.mxf' });
  const { removalNoLinksMs } = limits;
  assert.not.ok(
    scene
      .after(removalNoLinksMs - 1_000)
      .tick()
      .last.asked.includes('check a.mxf'),
  );
  assert.ok(scene.after(1_000).tick().last.asked.includes('check a.mxf'));
  const next = well(failing({ kind: 'failed', code: 'NO_LINKS', operation: 'hide a.mxf' }).restarts()).online();
  assert.ok([...next.last.asked, ...next.tick().last.asked].includes('check a.mxf'));
});

test('retry: a removal that failed is tried at once', () => {
  const scene = failing();
  const retried = ask(scene, { do: 'retry', route: ingest, source: 'a.mxf' }).last.asked;
  assert.ok([...retried, ...scene.tick().last.asked].includes('check a.mxf'));
});

test('retry: a file that may be hidden gets its name back first, although its removal has to wait for another route', () => {
  const scene = answers(withOtherRoute(resting()), { kind: 'failed', code: 'EACCES', operation: 'restore a.mxf' });
  const { id } = scene.file();
  const retried = ask(scene, { do: 'retry', route: ingest, source: 'a.mxf' }).last.asked;
  assert.equal(
    [...retried, ...scene.tick().last.asked].filter((asked) => asked.endsWith(' a.mxf')),
    ['restore a.mxf'],
  );
  assert.is(scene.file().id, id);
});

test('while removals fail, one is tried at a time', () => {
  const scene = well(open({ route: { ...deletes, afterCopyWaitMs: 60_000 } }));
  const paths = ['a.mxf', 'b.mxf', 'c.mxf'];
  rested(scene, ...paths.map((path) => entry(path)));
  for (const path of paths) {
    scene.reports(preflight(scene, {}, path), path).reports({ kind: 'creating' }, path);
    scene.reports({ kind: 'created', identity: { device: '41', inode: '7' } }, path).reports(copied(), path);
    scene.reports(verified, path).reports(published, path);
  }
  scene.pass(60_000);
  const orders = scene.last.asked.filter((asked) => asked.startsWith('hide'));
  assert.is(orders.length, 3);
  for (const path of paths) answers(scene, denied, fileIn(scene, path));
  for (const path of paths) answers(scene, { kind: 'restored', wasHidden: false }, fileIn(scene, path));
  const again = scene.pass(300_000).last.asked.filter((asked) => asked.startsWith('check'));
  assert.is(again.length, 1, 'the others wait for its answer');
});

test('a source that vanished or was cleared by hand is not removed any more', () => {
  const scene = deleting({ ...deletes, afterCopyWaitMs: 60_000 });
  scene.lists(['a.mxf']);
  assert.ok(kinds(scene).includes('removal_off'));
  assert.not.ok(scene.pass(120_000).last.asked.includes('hide a.mxf'));
});

test('a hidden file does not count as missing under its own name', () => {
  const scene = resting().lists(['a.mxf']);
  assert.is(step(scene), 'hidden');
  const [listing] = scene.pass(3_600_000).last.effects.filter(({ kind }) => kind === 'list_source');
  assert.equal(listing?.kind === 'list_source' ? listing.takenAway : null, undefined, 'told with the listing that has come meanwhile');
});

test('the intake is not to forget a new file that was seen at the path of a removed one', () => {
  const scene = resting();
  assert.is(step(scene), 'hidden');
  scene.sees(entry('a.mxf', 7_000, 9, { identity: { device: '1', inode: '99' } }));
  const [listing] = scene.pass(3_600_000).last.effects.filter(({ kind }) => kind === 'list_source');
  assert.equal(listing?.kind === 'list_source' ? listing.takenAway : null, undefined);
  assert.not.ok(scene.route().removals.takenAway.has('a.mxf'));
});

const twoRoutes = (): Scene => {
  const scene = well(open({ route: deletes, twoRoutes: true }));
  scene.online({}, archive);
  rested(scene, entry('a.mxf'));
  scene
    .reports(preflight(scene))
    .reports({ kind: 'creating' })
    .reports({ kind: 'created', identity: { device: '41', inode: '7' } });
  return scene.reports(copied()).reports(verified).reports(published).tick();
};

test('two routes: one that deletes waits for one that archives', () => {
  const scene = twoRoutes();
  const other = scene.route(archive);
  other.settings = { ...other.settings, afterCopy: 'archive', afterCopyWaitMs: 60_000, archiveDir: '/media/old' };
  copyElsewhere(scene);
  assert.equal(viewRemovals(scene.state, scene.route())?.waiting, { count: 1, source: 'a.mxf', wait: 'other_route', route: 'archive' });
  assert.not.ok(scene.last.asked.includes('hide a.mxf'));
});

test('two routes: a source stays until the other route has copied it too', () => {
  const scene = twoRoutes();
  assert.equal(viewRemovals(scene.state, scene.route())?.waiting, { count: 1, source: 'a.mxf', wait: 'other_route', route: 'archive' });
  copyElsewhere(scene);
  assert.ok(scene.last.asked.some((asked) => asked === 'check a.mxf' || asked === 'hide a.mxf'));
});

for (const restarts of [false, true]) {
  test(`two routes${restarts ? ' and a restart' : ''}: a new file has the path of a hidden one that both have copied: the hidden one is removed`, () => {
    const scene = copyElsewhere(twoRoutes());
    if (scene.last.asked.includes('check a.mxf')) answers(scene, { kind: 'removable' });
    const { id } = fileIn(scene);
    answers(scene, hidden).sees(entry('a.mxf', 7_000, 9));
    assert.equal([scene.file().status, scene.file('a.mxf', archive).status], ['DISCOVERED', 'DISCOVERED']);
    if (restarts) well(scene.restarts().online().online({}, archive));
    scene.pass(5_000);
    assert.is((scene.state.files.get(id) as CompletedFile).removal?.step, 'removing');
  });
}

/** The other route copies `a.mxf` too. */
function copyElsewhere(scene: Scene): Scene {
  const theirs = scene.file('a.mxf', archive);
  const report = (said: Parameters<Scene['reports']>[0]): Scene => {
    const file = scene.file('a.mxf', archive);
    if (!('copyId' in file) || file.copyId === null) throw new Error(file.status);
    return scene.send({ kind: 'copy_reported', route: archive, fileId: theirs.id, copyId: file.copyId, report: said });
  };
  report(preflight(scene));
  report({ kind: 'creating' });
  report({ kind: 'created', identity: { device: '42', inode: '8' } });
  report(copied());
  report(verified);
  return report(published).tick();
}

test('restored: a file that was seen during its removal with another change time is compared again, and then removed', () => {
  const scene = completed({ route: deletes });
  const at = { ...entry('a.mxf'), changedMs: 1 };
  scene.sees(at);
  const started = well(scene).tick();
  assert.is(step(started), 'hiding');
  // After a restart its name is in doubt, and the new intake reports it as it is after the link or the rename.
  const again = well(started.restarts()).online().tick();
  again.sees({ ...at, changedMs: 2 });
  answers(again, { kind: 'restored', wasHidden: false });
  again.after(again.route().settings.stableAfterMs).lists();
  assert.ok(
    again.last.asked.some((asked) => asked.startsWith('hash_source')),
    again.last.asked.join(),
  );
});

test('remove_sources: named files are removed whatever the policy, and only in the state that was proven', () => {
  const scene = well(completed());
  const { id, fingerprint } = scene.file();
  const asks = (proven: object): Scene =>
    ask(scene, { do: 'remove_sources', route: ingest, files: [{ id, ...fingerprint, ...proven }] }).tick();
  assert.not.ok(asks({ sizeBytes: 1 }).last.asked.includes('hide a.mxf'), 'another size');
  assert.not.ok(asks({ mtimeNs: '2' }).last.asked.includes('hide a.mxf'), 'another time');
  assert.not.ok(asks({ id: fileId('00000000-0000-4000-8000-00000000beef') }).last.asked.includes('hide a.mxf'), 'another attempt');
  asks({});
  assert.ok(
    scene.journal.some((record) => 'event' in record && record.event.kind === 'removal_asked' && record.event.by.startsWith('ann')),
  );
  assert.is(fileIn(scene).removal?.by, 'operator');
  answers(answers(scene, hidden).pass(5_000), removed);
  assert.is(scene.route().newest.size, 0);
});

/** Completes a full listing that found this hidden name. @param meanwhile what happens while it is under way */
function finds(scene: Scene, name: string, meanwhile = (): unknown => undefined): Scene {
  scene.route().scanning.nextListingAt = scene.at();
  scene.tick();
  meanwhile();
  const { listing } = scene.route().scanning;
  if (listing === null) throw new Error('no listing is under way');
  const counted = {
    vanished: [],
    isQuick: false,
    processorMs: 0,
    entryCount: 1,
    youngEmptyCount: 0,
    selection: { leftAlone: [], unmatched: [] },
  };
  return scene.send({ kind: 'listing_completed', route: ingest, listingId: listing.id, ...counted, aside: [name] });
}

test('a file that counted as gone and gets its name back is asked for again: the intake may know it already', () => {
  const scene = completed();
  const gone = { ...fileIn(scene), sourceGone: true };
  scene.state.files.set(gone.id, gone);
  finds(scene, `.a.mxf.${gone.id.slice(0, 8)}.sluice-done`);
  answers(scene, { kind: 'restored', wasHidden: true });
  scene.route().scanning.nextListingAt = scene.at();
  const { effects } = scene.tick().last;
  assert.ok(effects.some((effect) => effect.kind === 'list_source' && effect.takenAway?.includes('a.mxf') === true));
  assert.is(fileIn(scene.sees(entry('a.mxf'))).sourceGone, false);
});

test('a file that a late call renamed to a hidden name gets its name back, and is not removed', () => {
  const scene = completed();
  const [id8] = scene.file().id.split('-');
  assert.ok(finds(scene, `.a.mxf.${id8}.sluice-done`).last.asked.includes('restore a.mxf'));
  answers(scene, { kind: 'restored', wasHidden: true });
  assert.is(fileIn(scene).afterCopy, 'none');
  finds(scene, '.b.mxf.0badcafe.sluice-done');
  assert.is(viewRemovals(scene.state, scene.route()), null, 'it may be over by now');
  finds(scene, '.b.mxf.0badcafe.sluice-done');
  assert.equal(viewRemovals(scene.state, scene.route())?.unknown, { count: 1, path: '.b.mxf.0badcafe.sluice-done' });
});

test('a listing that may be older than the end of a removal proves no hidden file; the next one does', () => {
  const scene = well(completed());
  const { id, fingerprint } = scene.file();
  ask(scene, { do: 'remove_sources', route: ingest, files: [{ id, ...fingerprint }] }).tick();
  answers(scene, { kind: 'not_removed', why: 'changed' });
  const name = fileIn(scene).removal?.hiddenAs ?? '';
  finds(scene, name, () => answers(scene, { kind: 'restored', wasHidden: true }));
  assert.equal([scene.last.asked.includes('restore a.mxf'), fileIn(scene).removal], [false, undefined]);
  assert.ok(finds(scene, name).last.asked.includes('restore a.mxf'));
});

/** Returns the hidden names of all renames that were ordered. */
const hiddenNames = (scene: Scene): string[] =>
  scene.journal.flatMap((record) => ('event' in record && record.event.kind === 'removal_begins' ? record.event.as : []));

test('a file that is hidden again gets another name each time: an earlier rename may be late', () => {
  const scene = hiding();
  const [id8] = fileIn(scene).id.split('-');
  for (let times = 0; times < 2; times += 1) {
    answers(answers(scene, denied), { kind: 'restored', wasHidden: false }).pass(600_000);
    answers(scene, { kind: 'removable' });
  }
  const names = hiddenNames(scene);
  assert.equal([names.length, new Set(names).size], [3, 3], names.join(' '));
  for (const name of names) assert.match(name, new RegExp(`^\\.a\\.mxf\\.([0-9a-f]{8}\\.)?${id8}\\.sluice-done$`));
});

test('remove_sources: a file that is hidden for a second request gets another name', () => {
  const scene = well(completed());
  const { id, fingerprint } = scene.file();
  for (let times = 0; times < 2; times += 1) {
    ask(scene, { do: 'remove_sources', route: ingest, files: [{ id, ...fingerprint }] }).tick();
    answers(scene, { kind: 'not_removed', why: 'changed' });
    answers(scene, { kind: 'restored', wasHidden: true });
    assert.is(fileIn(scene).removal, undefined);
  }
  const names = hiddenNames(scene);
  assert.equal([names.length, new Set(names).size], [2, 2], names.join(' '));
});

for (const [what, begin] of [
  ['that is under way', resting],
  ['that begins again soon', (): Scene => answers(restoring(), { kind: 'restored', wasHidden: true })],
] as const)
  test(`a file that a late call hid waits for a removal ${what}, and is explained`, () => {
    const scene = begin();
    const late = `.a.mxf.0badcafe.${fileIn(scene).id.slice(0, 8)}.sluice-done`;
    const before = step(scene);
    for (let times = 0; times < 3; times += 1) assert.not.ok(finds(scene, late).last.asked.includes('restore a.mxf'));
    assert.equal([step(scene), viewRemovals(scene.state, scene.route())?.unknown ?? null], [before, null]);
  });

test('a file that a late call hid waits no longer for a removal that is delayed', () => {
  const scene = answers(restoring(), { kind: 'restored', wasHidden: true });
  const { id } = fileIn(scene);
  const since = scene.at() - limits.removalAgainLastMs;
  scene.route().removals.waiting.set(id, { wait: { kind: 'open_for_writing' }, since, times: 9 });
  assert.ok(finds(scene, `.a.mxf.0badcafe.${id.slice(0, 8)}.sluice-done`).last.asked.includes('restore a.mxf'));
});

test('a hold, or a destination that goes away, gives a hidden file its name back', () => {
  const held = hold(resting());
  assert.equal(held.pass(5_000).last.asked, ['restore a.mxf']);
  const away = close(resting());
  assert.is(away.route().gate.state, 'closed');
  away.route().scanning.nextListingAt = Number.POSITIVE_INFINITY;
  away.pass(5_000);
  assert.is(step(away), 'restoring');
});

/** Adds a route that reads the same source, and lets the hidden file rest. */
function withOtherRoute(scene: Scene): Scene {
  const { settings } = scene.state;
  const added = { ...scene.route().settings, name: archive, destination: '/mnt/archive' };
  return scene.send({ kind: 'reloaded', settings: { ...settings, routes: [...settings.routes, added] }, by: 'ann' }).pass(5_000);
}

test('a route that was added while a file is hidden: the file gets its name back', () => {
  assert.equal(
    withOtherRoute(resting()).last.asked.filter((asked) => asked.endsWith(' a.mxf')),
    ['restore a.mxf'],
  );
});

test('a source that is away: a hidden file is neither removed nor restored until it is back', () => {
  const scene = well(resting(), 'silent').pass(60_000);
  assert.is(step(scene), 'hidden');
  assert.is(step(well(scene).tick()), 'removing');
});

test('the destination is not online: nothing is hidden', () => {
  const scene = close(well(completed({ route: { ...deletes, afterCopyWaitMs: 60_000 } })));
  assert.is(step(scene.pass(120_000)), 'waits');
});

test('what an operator asked for does not wait: a file that a program has open stays', () => {
  const scene = well(completed());
  const { id, fingerprint } = scene.file();
  ask(scene, { do: 'remove_sources', route: ingest, files: [{ id, ...fingerprint }] }).tick();
  answers(scene, { kind: 'put_off', why: 'open_for_writing' });
  assert.equal([fileIn(scene).afterCopy, fileIn(scene).removal], ['none', undefined]);
  assert.equal(removalOff(scene), ['put_off']);
});

/** Returns why removals were canceled. */
function removalOff({ journal }: Scene): readonly string[] {
  return journal.flatMap((record) => ('event' in record && record.event.kind === 'removal_off' ? [record.event.why] : []));
}

/** Asks for the removal of a file whose removal the policy has planned too. */
function askedToo(settings: Parameters<typeof completed>[0]): Scene {
  const scene = well(completed(settings));
  const { id, fingerprint } = scene.file();
  return ask(scene, { do: 'remove_sources', route: ingest, files: [{ id, ...fingerprint }] }).tick();
}

test('what an operator asked for ends without a removal: the policy goes on with the one that it had planned', () => {
  const route = { ...deletes, afterCopy: 'archive', archiveDir: '/archive', afterCopyWaitMs: 60_000 } as const;
  const planned = { to: { kind: 'archive', folder: '/archive' }, by: 'policy', step: 'waits' };
  const isPlanned = (scene: Scene): void => {
    const { afterCopy, removal } = fileIn(scene);
    assert.is(afterCopy, 'pending');
    assert.equal({ to: removal?.to, by: removal?.by, step: removal?.step }, planned);
  };
  const open = askedToo({ route });
  isPlanned(answers(open, { kind: 'put_off', why: 'open_for_writing' }));
  assert.equal(removalOff(open), ['put_off_to_policy'], 'nobody has to ask again');
  open.pass(120_000);
  assert.ok(open.route().removals.ordered.size === 1, 'it is removed when its time has come');
  const resting = answers(askedToo({ route }), hidden);
  resting.pass(5_000);
  if (step(resting) === 'removing') answers(resting, { kind: 'not_removed', why: 'changed' });
  assert.is(step(resting), 'restoring');
  isPlanned(answers(resting, { kind: 'restored', wasHidden: true }));
});

test('what an operator asked for ends without a removal: the policy does not use its first hidden name again', () => {
  const scene = restoring();
  answers(scene, { kind: 'restored', wasHidden: true });
  const { id, fingerprint } = fileIn(scene);
  ask(hold(scene), { do: 'remove_sources', route: ingest, files: [{ id, ...fingerprint }] }).tick();
  assert.equal(removalOff(scene), ['put_off_to_policy']);
  steer(scene, 'release').pass(600_000);
  answers(scene, { kind: 'removable' });
  const names = hiddenNames(scene);
  assert.ok(names.length > 1 && new Set(names).size === names.length, names.join(' '));
});

/** A copy was interrupted and repeated, and its source was removed. A temporary file of the first attempt may be left. */
function removedAfterRecovery(): Scene {
  const scene = close(copying({ route: deletes })).online();
  scene
    .reports(preflight(scene))
    .reports({ kind: 'creating' })
    .reports({ kind: 'created', identity: { device: '41', inode: '8' } });
  well(scene.reports(copied()).reports(verified).reports(published)).tick();
  return answers(answers(scene, hidden).pass(5_000), removed);
}

/** Lets half an hour pass, in which every removal of temporary files is answered. */
function sweeps(scene: Scene): Scene {
  for (let minutes = 0; minutes < 30; minutes += 1) {
    scene.online().after(60_000).tick();
    for (const [sweepId, id] of [...scene.route().sweeping]) {
      const removed = scene.state.files.get(id)?.leftParts ?? [];
      scene.send({ kind: 'parts_removed', route: ingest, sweepId, removed, kept: [] });
    }
  }
  return scene;
}

for (const restarts of [false, true]) {
  test(`a removed source ${restarts ? 'and a restart' : ''}: what an attempt left at the destination is swept, then core forgets it`, () => {
    const scene = removedAfterRecovery();
    if (restarts) scene.restarts().online();
    const { id, leftParts } = fileIn(scene);
    assert.is(leftParts.length, 1);
    sweeps(scene);
    assert.equal([scene.state.files.has(id), scene.route().sweeps, scene.route().departed.size], [false, [], 0]);
  });

  test(`a removed source ${restarts ? 'and a restart' : ''}: the same file under its path is another file, and inherits what is to be swept`, () => {
    const scene = removedAfterRecovery();
    if (restarts) scene.restarts().online();
    const { id, leftParts } = fileIn(scene);
    scene.sees(entry('a.mxf'));
    assert.not.equal(scene.file().id, id);
    assert.equal([scene.file().status, scene.file().leftParts], ['DISCOVERED', leftParts]);
    assert.not.ok(scene.state.files.has(id));
  });
}

test.run();
