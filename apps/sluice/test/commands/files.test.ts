import type { FileJson } from '@sluice/control';
import { CommandError, exitCode } from '@sluice/words';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { inOrder, readStatuses } from '../../src/commands/ask/files.ts';

for (const [given, statuses] of [
  ['completed', ['COMPLETED']],
  ['COPYING, failed', ['COPYING', 'FAILED']],
  ['done', ['COMPLETED', 'COMPLETED_DELETE_FAILED']],
  ['Waiting', ['WAITING_FOR_NETWORK', 'WAITING_FOR_SPACE']],
  ['found,queued,verify', ['DISCOVERED', 'IN_QUEUE', 'VERIFYING']],
  ['recording', ['GROWING_COPY']],
] as const) {
  test(`readStatuses: ${given}`, () => assert.equal(readStatuses(given), statuses));
}

const states =
  'found, growing, ready, waiting, queued, copying, verify, done, failed, removed, and in JSON also discovered, waiting_for_network, waiting_for_space, in_queue, growing_copy, verifying, completed, completed_delete_failed';

for (const [given, text] of [
  ['DON', '"DON" is not a state. Did you mean "done"?'],
  ['complete', '"complete" is not a state. Did you mean "completed"?'],
  ['copyng', '"copyng" is not a state. Did you mean "copying"?'],
  ['failed,', '"" is not a state.'],
  ['constructor', '"constructor" is not a state.'],
] as const) {
  test(`readStatuses: refuses ${JSON.stringify(given)}, and names the states`, () => {
    let refused: unknown = null;
    try {
      readStatuses(given);
    } catch (error) {
      refused = error;
    }
    assert.instance(refused, CommandError);
    const { message, exitCode: code } = refused as CommandError;
    assert.equal([message, code], [`--status ${text} The states are ${states}`, exitCode.badUsage]);
  });
}

test('inOrder: the newest first; what was found in the same second by name and route', () => {
  const found = [
    ['b', 'clip_10', '03:02:50.900'],
    ['a', 'new', '03:02:51.000'],
    ['b', 'clip_9', '03:02:50.300'],
    ['a', 'clip_9', '03:02:50.800'],
  ] as const;
  const files = found.map(([route, source, at]) => ({ route, source, discoveredAt: `2026-11-29T${at}Z` }) as FileJson);
  assert.equal(
    inOrder(files).map(({ route, source }) => `${route} ${source}`),
    ['a new', 'a clip_9', 'b clip_9', 'b clip_10'],
  );
});

test.run();
