import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isUpward } from '../src/messages.ts';

const isText = (message: unknown): boolean => typeof message === 'string';

test('isUpward: accepts a message of this kind, a heartbeat, and the message of a start', () => {
  const activity = { operation: 'read a.mov', side: null, sinceMs: 5 };
  const right = [
    { is: 'ready' },
    { is: 'messages', messages: ['a', 'b'] },
    { is: 'heartbeat', activity: null },
    { is: 'heartbeat', activity },
  ];
  for (const value of right) assert.ok(isUpward(value, isText), JSON.stringify(value));
  const wrong = [
    null,
    5,
    'ready',
    [],
    {},
    { is: 'messages', messages: ['a', 7] },
    { is: 'messages' },
    { is: 'message', message: 'a' },
    { is: 'toString' },
    { is: 'heartbeat' },
  ];
  for (const value of [...wrong, { is: 'heartbeat', activity: { ...activity, side: 'both' } }, { is: 'heartbeat', activity: [] }])
    assert.is(isUpward(value, isText), false, JSON.stringify(value));
});

test.run();
