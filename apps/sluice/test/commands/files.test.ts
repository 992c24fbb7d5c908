import { CommandError, exitCode } from '@sluice/words';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readStatuses } from '../../src/commands/ask/files.ts';

for (const [given, statuses] of [
  ['completed', ['COMPLETED']],
  ['COPYING, failed', ['COPYING', 'FAILED']],
] as const) {
  test(`readStatuses: ${given}`, () => assert.equal(readStatuses(given), statuses));
}

const states =
  'discovered, growing, ready, waiting_for_network, waiting_for_space, in_queue, copying, growing_copy, verifying, completed, completed_delete_failed, failed, removed';

for (const [given, text] of [
  ['done', '"done" is not a state. Did you mean "completed"?'],
  ['WAITING', '"WAITING" is not a state. Did you mean "waiting_for_network,waiting_for_space"?'],
  ['recording', '"recording" is not a state. Did you mean "growing_copy"?'],
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

test.run();
