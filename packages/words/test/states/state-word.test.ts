import { statuses } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { statesNamed, stateTone, stateWord } from '../../src/states/state-word.ts';

test('stateWord: every state has a word that fits the column of the screen', () => {
  for (const status of statuses) assert.match(stateWord(status), /^[A-Z]{4,8}$/, status);
});

test('statesNamed: a state has its own name and its word; a name is of one state', () => {
  for (const status of statuses) {
    assert.equal(statesNamed(status.toLowerCase()), [status]);
    assert.ok(statesNamed(stateWord(status)).length > 0);
  }
  assert.equal(statesNamed('Done'), ['COMPLETED', 'COMPLETED_DELETE_FAILED']);
  for (const nothing of ['', 'constructor', 'gone']) assert.equal(statesNamed(nothing), []);
});

const tones: readonly [Parameters<typeof stateTone>[0], ReturnType<typeof stateTone>][] = [
  [{ status: 'READY', hold: 'needs_you', recoveredBy: null, readback: null }, 'bad'],
  [{ status: 'READY', hold: null, recoveredBy: null, readback: null }, 'warn'],
  [{ status: 'VERIFYING', hold: null, recoveredBy: null, readback: null }, 'busy'],
  [{ status: 'COMPLETED', hold: null, recoveredBy: null, readback: 'direct' }, 'good'],
  [{ status: 'COMPLETED', hold: null, recoveredBy: null, readback: 'cached' }, 'warn'],
  [{ status: 'FAILED', hold: null, recoveredBy: null, readback: null }, 'bad'],
  [{ status: 'FAILED', hold: null, recoveredBy: 'id', readback: null }, 'warn'],
  [{ status: 'REMOVED', hold: null, recoveredBy: null, readback: null }, 'dim'],
  [{ status: 'IN_QUEUE', hold: null, recoveredBy: null, readback: null }, null],
];
for (const [file, tone] of tones) test(`stateTone: ${JSON.stringify(file)}`, () => assert.is(stateTone(file), tone));

test.run();
