import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readCommandLine, UsageError } from '../../../scripts/test/command-line.ts';

test('readCommandLine: reads names and options in any order', () => {
  const request = readCommandLine(['unit', '--shard', '2/4', 'packages/core/', '--slowest', '3', '--repeat=5', '--changed=main']);
  assert.equal(request.names, ['unit', 'packages/core']);
  assert.equal([request.shard, request.slowest, request.repeat, request.changedSince], [{ index: 2, count: 4 }, 3, 5, 'main']);
});

test('readCommandLine: reads cases and the first seed', () => {
  const { cases, seed } = readCommandLine(['fuzz', '--cases', '1000', '--seed', '0']);
  assert.equal([cases, seed], [1000, 0]);
  assert.equal([readCommandLine([]).cases, readCommandLine([]).seed], [null, null]);
});

test('readCommandLine: reads options whose value is omitted', () => {
  assert.equal(readCommandLine(['--slowest', 'unit']).slowest, 10);
  assert.equal(readCommandLine(['--changed', 'unit']).changedSince, 'HEAD');
  assert.equal(readCommandLine([]).changedSince, null);
});

for (const args of [
  ['--shard', '0/4'],
  ['--shard', '5/4'],
  ['--shard', '2'],
  ['--repeat', '0'],
  ['--repeat', 'x'],
  ['--cases', '0'],
  ['--seed', '-1'],
  ['--unknown'],
]) {
  test(`readCommandLine: refuses ${args.join(' ')}`, () => {
    assert.throws(
      () => readCommandLine(args),
      (error: unknown) => error instanceof UsageError,
    );
  });
}

test.run();
