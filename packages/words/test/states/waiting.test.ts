import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { waitingText } from '../../src/states/waiting.ts';

for (const [counts, text] of [
  [{ waiting: 0 }, 'nothing waits at the source'],
  [{ waiting: 1, recording: 0 }, '1 waits at the source'],
  [{ waiting: 0, recording: 1 }, '1 waits at the source (1 recording)'],
  [{ waiting: 1, recording: 2 }, '3 wait at the source (2 recording)'],
  [{ waiting: 98_412, recording: 1_000 }, '99,412 wait at the source (1,000 recording)'],
] as const) {
  test(`waitingText: ${text}`, () => assert.is(waitingText(counts), text));
}

test('waitingText without the place', () => assert.is(waitingText({ waiting: 2, recording: 1 }, ''), '3 wait (1 recording)'));

test.run();
