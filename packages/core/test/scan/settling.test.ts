import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { limits } from '../../src/model/limits.ts';
import { nextWake } from '../../src/step/step.ts';
import { createTestCore, entryOf, ingest, list, see, type TestCore } from '../support/test-core.ts';

const tick = { kind: 'tick' } as const;
const named = (index: number): string => `${String(index).padStart(6, '0')}.dat`;
const pathAt = (core: TestCore, place: number): string => {
  const id = [...core.route.byStatus.DISCOVERED][place];
  const file = id === undefined ? undefined : core.state.files.get(id);
  if (file === undefined) throw new Error(`no file waits to settle at place ${place}`);
  return file.source;
};

/** Returns a core that found this many files, at the moment at which a listing shows that they are at rest. */
function found(count: number): TestCore {
  const core = createTestCore();
  see(core, ...Array.from({ length: count }, (_, index) => entryOf(named(index), 1_000)));
  if (core.route.scanning.listing !== null) list(core);
  while (nextWake(core.state) <= core.at()) core.send(tick);
  core.advanceClock(core.route.settings.stableAfterMs);
  return core;
}

test('fullyListed: with many files, no step moves more than a bounded number, and all of them become READY', () => {
  const count = 5 * limits.settledAtOnce + 1;
  const core = found(count);
  const steps = [list(core).records.length];
  while (nextWake(core.state) <= core.at()) steps.push(core.send(tick).records.length);
  assert.is(core.route.byStatus.READY.size, count);
  assert.ok(Math.max(...steps) <= 2 * limits.settledAtOnce, steps.join());
  assert.is(core.route.scanning.settling, null);
});

test('fullyListed: a file that changes or vanishes before its turn does not become READY', () => {
  const core = found(5 * limits.settledAtOnce);
  list(core);
  const [changed, vanished, kept] = [limits.settledAtOnce, limits.settledAtOnce + 1, limits.settledAtOnce + 2].map((place) =>
    pathAt(core, place),
  );
  see(core, entryOf(changed ?? '', 2_000, 2));
  core.send({ kind: 'paths_checked', route: ingest, checkId: checkOf(core, vanished ?? ''), present: [], absent: [vanished ?? ''] });
  while (nextWake(core.state) <= core.at()) core.send(tick);
  assert.is(core.file(changed ?? '').status, 'GROWING');
  assert.is(core.file(vanished ?? '').status, 'REMOVED');
  assert.is(core.file(kept ?? '').status, 'READY');
});

/** Has a path checked, as if a watch had noticed it. */
function checkOf(core: TestCore, path: string): NonNullable<TestCore['route']['scanning']['check']>['id'] {
  core.send({ kind: 'paths_noticed', route: ingest, paths: [path] });
  const { check } = core.route.scanning;
  if (check === null) throw new Error('no check is under way');
  return check.id;
}

test('fullyListed: a second listing does not wait for the rest of the first', () => {
  const core = found(5 * limits.settledAtOnce);
  list(core);
  assert.ok(core.route.scanning.settling !== null);
  list(core);
  while (nextWake(core.state) <= core.at()) core.send(tick);
  assert.is(core.route.byStatus.READY.size, 5 * limits.settledAtOnce);
});

test('ring: of many alarms that are due, a step handles a bounded number, and another step follows at once', () => {
  const count = 3 * limits.settledAtOnce;
  const core = found(count);
  for (const id of core.state.files.keys()) core.state.alarms.set(id, core.at());
  let steps = 0;
  while ((core.state.alarms.earliest() ?? Number.POSITIVE_INFINITY) <= core.at()) {
    core.send(tick);
    steps += 1;
  }
  assert.is(steps, 3);
  const { listing, wantsFullListing } = core.route.scanning;
  assert.equal([listing?.isQuick, wantsFullListing], [false, false], 'one full listing is for all of them');
});

test.run();
