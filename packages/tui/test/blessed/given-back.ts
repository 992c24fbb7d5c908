import * as assert from 'uvu/assert';
import type { Pty } from './pty.ts';

/**
 * Asserts that the program ended with this code and left the terminal as it was, in a shell that first prints `before` and
 * afterwards the code and `stty -a`.
 */
export async function assertGivenBack(pty: Pty, code: number): Promise<void> {
  await pty.sees(`code ${code}\n`, false);
  await pty.sees('extproc');
  assert.match(pty.text(), /^before/);
  assert.match(pty.text(), /(?<!-)icanon[^]*(?<!-)echo\b/);
  assert.not(pty.emulator.modes.bracketedPasteMode);
  assert.not(pty.emulator.modes.applicationCursorKeysMode);
  assert.is(pty.emulator.modes.mouseTrackingMode, 'none');
}
