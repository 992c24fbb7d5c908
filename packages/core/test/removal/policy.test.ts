import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompletedFile } from '../../src/model/file.ts';
import type { Removal } from '../../src/model/removal.ts';
import type { RouteSettings } from '../../src/model/settings.ts';
import { dueAt, targetNow } from '../../src/removal/policy.ts';
import { fileOf } from '../fixtures/file.ts';
import { routeSettings } from '../fixtures/route-settings.ts';

const archive = { afterCopy: 'archive', archiveDir: '/old' } as const;
const removal = (over: Partial<Removal>): Removal => ({
  to: { kind: 'delete' },
  by: 'policy',
  step: 'waits',
  failures: 0,
  code: null,
  ...over,
});
const toDelete = { kind: 'delete' } as const;
const toOld = { kind: 'archive', folder: '/old' } as const;
const toOlder = { kind: 'archive', folder: '/older' } as const;

const targets: readonly [string, Partial<RouteSettings>, Removal, 'direct' | 'cached' | 'size', ReturnType<typeof targetNow>][] = [
  ['deleted under delete', { afterCopy: 'delete' }, removal({}), 'direct', toDelete],
  ['stays under keep, whatever its record says', { afterCopy: 'keep' }, removal({}), 'direct', null],
  ['archived, where the settings archive by now', archive, removal({}), 'direct', toOld],
  ['archived as its record says, where the settings delete by now', { afterCopy: 'delete' }, removal({ to: toOlder }), 'direct', toOlder],
  ['stays without proof', { afterCopy: 'delete' }, removal({}), 'cached', null],
  ['stays where only its size was compared', { afterCopy: 'delete' }, removal({}), 'size', null],
  ['deleted without proof where that is accepted', { afterCopy: 'delete', afterCopyProof: 'weak' }, removal({}), 'size', toDelete],
  ['deleted under keep where somebody asked for it', { afterCopy: 'keep' }, removal({ by: 'operator' }), 'cached', toDelete],
  ['stays where it was only found hidden', { afterCopy: 'delete' }, removal({ by: 'nobody' }), 'direct', null],
];
for (const [what, settings, recorded, readback, expected] of targets) {
  test(`targetNow: ${what}`, () => assert.equal(targetNow(routeSettings(settings), recorded, readback), expected));
}

const hour = 3_600_000;
const completed = (over: Partial<CompletedFile>): CompletedFile => ({
  ...(fileOf('COMPLETED') as CompletedFile),
  fingerprint: { sizeBytes: 1, mtimeNs: '1000000000' },
  discoveredAt: 5_000,
  endedAt: 9_000,
  ...over,
});

const dues: readonly [string, Partial<CompletedFile>, number][] = [
  ['counts from its modification time, where nothing of it changed later', { changedMs: 500 }, 1_000],
  ['counts from its change time: a program may have set the other back', { changedMs: 3_000 }, 3_000],
  ['counts from when it was found, where its change time is not known', {}, 5_000],
  ['counts a time in the future as the end of the copy', { changedMs: 1e15 }, 9_000],
];
for (const [what, over, from] of dues) {
  test(`dueAt: ${what}`, () => {
    const { changedMs: _, ...file } = completed({});
    assert.is(dueAt(routeSettings({ afterCopyWaitMs: hour }), { ...file, ...over }), from + hour);
  });
}

test('dueAt: a requested removal does not wait', () => {
  const file = completed({ changedMs: 3_000, removal: removal({ by: 'operator' }) });
  assert.is(dueAt(routeSettings({ afterCopyWaitMs: hour }), file), 0);
});

test.run();
