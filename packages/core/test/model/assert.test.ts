import { test } from 'uvu';
import * as check from 'uvu/assert';
import { assert, ProgrammingError, unreachable } from '../../src/model/assert.ts';

test('assert: lets a true claim pass, and throws the message of a false one', () => {
  assert(true, 'never reported');
  check.throws(
    () => assert(false, 'a copy without a name'),
    (error: unknown) => error instanceof ProgrammingError && error.message === 'a copy without a name' && error.name === 'ProgrammingError',
  );
});

test('unreachable: shows the unexpected value', () => {
  check.throws(
    () => unreachable({ kind: 'of the future' } as never),
    (error: unknown) => error instanceof ProgrammingError && error.message === 'unreachable: {"kind":"of the future"}',
  );
});

test.run();
