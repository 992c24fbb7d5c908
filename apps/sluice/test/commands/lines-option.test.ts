import { CommandError } from '@sluice/words';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readLines } from '../../src/commands/base/lines-option.ts';

test('readLines: a number of lines, or none', () => {
  assert.equal([readLines({}), readLines({ lines: '1' }), readLines({ lines: '20' })], [null, 1, 20]);
});

for (const wrong of ['0', '-1', 'ten', '1.5', '', '1e3', '99999999']) {
  test(`readLines refuses ${JSON.stringify(wrong)}`, () => {
    assert.throws(
      () => readLines({ lines: wrong }),
      (error: unknown) => error instanceof CommandError && error.exitCode === 2,
    );
  });
}

test.run();
