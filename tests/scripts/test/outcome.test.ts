import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { outcomeOf } from '../../../scripts/test/outcome.ts';
import { beginMark } from '../../../scripts/test/worker-protocol.ts';

const summary = (total: number, passed: number, leftOut = 0): string =>
  `\n  Total:     ${total}\n  Passed:    ${passed}\n  Skipped:   ${leftOut}\n`;
const ended = { code: 0, isLate: false, seconds: 1 } as const;
const brief = (end: Parameters<typeof outcomeOf>[1]): readonly number[] => {
  const { passed, failed } = outcomeOf('a.test.ts', end, 120_000);
  return [passed, failed];
};

test('outcomeOf: passed if every test passed', () => {
  const outcome = outcomeOf('a.test.ts', { ...ended, output: `dots${summary(3, 3)}` }, 120_000);
  assert.equal([outcome.passed, outcome.failed, outcome.output], [3, 0, '']);
});

test('outcomeOf: failed if a file has no test, no summary, or tests that did not run', () => {
  assert.equal(brief({ ...ended, output: summary(0, 0) }), [0, 1]);
  assert.equal(brief({ ...ended, output: 'nothing' }), [0, 1]);
  assert.equal(brief({ ...ended, output: summary(5, 2) }), [2, 3]);
});

test('outcomeOf: failed if the process ended with an error or was late, although every test passed', () => {
  assert.equal(brief({ ...ended, code: 1, output: summary(3, 3) }), [3, 1]);
  assert.equal(brief({ ...ended, code: null, output: summary(3, 3) }), [3, 1]);
  const late = outcomeOf('a.test.ts', { ...ended, isLate: true, output: '' }, 120_000);
  assert.match(late.output, 'ended at its limit of 120 s');
});

test('outcomeOf: a test that cannot run here is counted with its reason', () => {
  const outcome = outcomeOf('a.test.ts', { ...ended, output: `skipped: a disk: needs root\n${summary(0, 0)}` }, 120_000);
  assert.equal([outcome.failed, outcome.skipped], [0, ['skipped: a disk: needs root']]);
});

test('outcomeOf: a test that prints that it cannot run has not passed', () => {
  const output = `\n${beginMark}\n• • skipped: a clock: faketime is not installed\n• ${summary(3, 3)}`;
  const outcome = outcomeOf('a.test.ts', { ...ended, output }, 120_000);
  assert.equal([outcome.passed, outcome.failed, outcome.skipped], [2, 0, ['skipped: a clock: faketime is not installed']]);
});

test('outcomeOf: failed if tests were left out', () => {
  assert.equal(brief({ ...ended, output: summary(1, 1, 2) }), [1, 1]);
});

test('outcomeOf: the last printed summary counts', () => {
  assert.equal(brief({ ...ended, output: summary(7, 7) + summary(2, 1) }), [1, 1]);
});

test('outcomeOf: notes of a test are kept if it passed', () => {
  const output = `\n${beginMark}\n• noted: 20 cases, 1.0 s\n  Total:     1\n  Passed:    1\n  Skipped:   0\n`;
  assert.equal(outcomeOf('a.test.ts', { code: 0, output, isLate: false, seconds: 1 }, 1_000).notes, ['20 cases, 1.0 s']);
});

test.run();
