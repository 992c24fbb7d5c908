// real: it reads every test file of the tree
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { affectedByFiles } from '../../../scripts/test/affected.ts';
import { readCommandLine, UsageError } from '../../../scripts/test/command-line.ts';
import { select } from '../../../scripts/test/selection.ts';
import { allTestFiles } from '../../../scripts/test/test-file.ts';

const secondsOf = (path: string): number => path.length % 7;
const selected = (...args: readonly string[]) => select(readCommandLine(args), secondsOf, false);

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

test('select: without a name, the checks and the everyday groups; cacheable files are left to turbo', () => {
  const { hasChecks, turboGroups, files } = selected();
  assert.equal([hasChecks, turboGroups], [true, ['unit', 'scenario']]);
  assert.equal([...new Set(files.map(({ group }) => group.name))], ['unit', 'smoke']);
  assert.ok(files.every(({ isReal }) => isReal));
});

test('select: a name that matches nothing is refused, even next to one that matches', () => {
  for (const names of [['packages/nothing'], ['unit', 'smke']]) {
    const error = thrownBy(() => selected(...names));
    assert.instance(error, UsageError);
    assert.match((error as Error).message, /no test matches "(packages\/nothing|smke)": expected a group \(check, unit,/);
  }
});

test('select: a folder and a file run here, cacheable or not', () => {
  const { files, turboGroups, hasChecks } = selected('packages/core', 'tests/smoke/tree.test.ts');
  assert.equal([turboGroups, hasChecks], [[], false]);
  assert.ok(files.some(({ path }) => path === 'tests/smoke/tree.test.ts'));
  assert.ok(files.every(({ path }) => path.startsWith('packages/core/') || path === 'tests/smoke/tree.test.ts'));
});

test('select: the shards together have every file once', () => {
  const whole = selected('unit', 'storage', '--repeat', '2').files.map(({ path }) => path);
  const parts = [1, 2, 3].map((index) => selected('unit', 'storage', '--shard', `${index}/3`));
  assert.equal(parts.flatMap(({ files }) => files.map(({ path }) => path)).sort(), [...whole].sort());
  assert.ok(parts.every(({ files }) => files.length > whole.length / 6));
});

const isIn = (files: readonly { readonly path: string }[], folder: string): boolean => files.some(({ path }) => path.startsWith(folder));

test('affectedByFiles: a change in one package affects only the tests that import it', () => {
  const files = allTestFiles();
  const bySqlite = affectedByFiles(['packages/persistence/src/open/migrate.ts'], files);
  assert.ok(isIn(bySqlite, 'packages/persistence/'));
  assert.not(isIn(bySqlite, 'packages/child/'));
  assert.not(isIn(bySqlite, 'packages/core/'));
  assert.ok(isIn(bySqlite, 'tests/smoke/'), 'end-to-end tests run the whole program');
  const byCore = affectedByFiles(['packages/core/src/step/step.ts'], files);
  for (const folder of ['packages/core/', 'packages/persistence/', 'tests/sim/']) assert.ok(isIn(byCore, folder), folder);
  // Split, because a file that a test names affects that test.
  assert.equal(affectedByFiles([['CODE_OF_CONDUCT', 'md'].join('.'), ['.github/CODEOWNERS', ''].join('')], files), []);
  assert.ok(affectedByFiles(['docs/upgrade.md'], files).some(({ path }) => path === 'tests/package/roll-back.test.ts'));
});

test('affectedByFiles: a file that no test imports affects its package and those that depend on it', () => {
  const files = affectedByFiles([['packages/child/package', 'json'].join('.')], allTestFiles());
  const folders = new Set(files.filter(({ group }) => group.name === 'unit').map(({ path }) => path.split('/').slice(0, 2).join('/')));
  assert.equal([...folders].sort(), ['apps/sluice', 'packages/agent', 'packages/child', 'packages/intake', 'packages/transport']);
});

test('affectedByFiles: a fixture that was removed affects every package whose tests may have used it', () => {
  const files = affectedByFiles(['packages/testkit/src/removed.ts'], allTestFiles());
  assert.ok(isIn(files, 'packages/persistence/'));
});

test.run();
