import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { groups } from '../../../scripts/test/groups.ts';
import type { Outcome } from '../../../scripts/test/outcome.ts';
import { greenParts } from '../../../scripts/test/platform-parts.ts';
import type { TestFile } from '../../../scripts/test/test-file.ts';

const [group] = groups;
if (group === undefined) throw new Error('there is no group');
const paths = ['seeds/swarm', 'windows/windows', 'windows/kit-install'].map((name) => `tests/platforms/${name}.test.ts`);
const all: readonly TestFile[] = paths.map((path) => ({
  path,
  group,
  isAlone: true,
  isReal: true,
  needsOwnProcess: false,
  timeoutMs: 10_000,
}));
const hashes = new Map([
  ['seeds', 'hash of the seeds'],
  ['windows', 'hash of Windows'],
]);
const passed = (name: string): Outcome => ({ name, passed: 3, failed: 0, skipped: [], output: '', seconds: 1 });

/** The names of the parts that a run with these outcomes records. */
function recorded(outcomes: readonly Outcome[], environment: NodeJS.ProcessEnv = {}): readonly string[] {
  return Object.keys(greenParts(outcomes, all, { hashes, environment, now: new Date() }));
}

test('greenParts: every part whose tests all passed, with its hash, the date and the tests of one round', () => {
  const green = greenParts([...paths, ...paths].map(passed), all, { hashes, environment: {}, now: new Date('2026-11-29T10:00:00Z') });
  assert.equal(green, {
    seeds: { hash: 'hash of the seeds', date: '2026-11-29', passed: 3 },
    windows: { hash: 'hash of Windows', date: '2026-11-29', passed: 6 },
  });
});

for (const variable of ['SLUICE_SEEDS', 'SLUICE_SEED']) {
  test(`greenParts: a run with ${variable} does not record the seeds, and records the other parts`, () => {
    assert.equal(recorded(paths.map(passed), { [variable]: '40' }), ['windows']);
  });
}

test('greenParts: a part of which one file did not run is not recorded', () => {
  assert.equal(recorded(paths.slice(0, 2).map(passed)), ['seeds']);
  assert.equal(recorded(paths.slice(1, 2).map(passed)), []);
});

test('greenParts: a part with a failed or a skipped test is not recorded, even if a second round passed', () => {
  const failed = { ...passed(paths[1] ?? ''), failed: 1 };
  const skipped = { ...passed(paths[0] ?? ''), skipped: ['skipped: it needs root'] };
  assert.equal(recorded([failed, ...paths.map(passed)]), ['seeds']);
  assert.equal(recorded([...paths.map(passed), skipped]), ['windows']);
});

test('greenParts: a part that was not chosen has no hash and is not recorded', () => {
  assert.equal(Object.keys(greenParts(paths.map(passed), all, { hashes: new Map([['seeds', 'x']]), environment: {}, now: new Date() })), [
    'seeds',
  ]);
});

test.run();
