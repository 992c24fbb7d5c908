import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { timelineText } from '../../src/events/sentences.ts';
import { removalCauseText, removalRemedyText } from '../../src/failures/removal-failure.ts';

const rows: readonly [string, string, string][] = [
  ['EACCES', 'permission denied', 'let Sluice remove files at the source, then retry'],
  ['EROFS', 'the filesystem is read-only', 'mount the source with write access, then retry'],
  ['EBUSY', 'another program uses it', 'end the program that uses it, then retry'],
  ['IMMUTABLE', 'the file or its folder is immutable', 'clear the attribute (chattr -i), then retry'],
  ['APPEND_ONLY', 'the file or its folder is append-only', 'clear the attribute (chattr -a), then retry'],
  [
    'STICKY',
    'only the owner may remove files in its folder (sticky bit)',
    'run Sluice as the owner of the files or of the folder, or clear the bit (chmod -t), then retry',
  ],
  [
    'NO_LINKS',
    'hard links are refused there',
    'delete such files yourself once sluice safe says so: without hard links, Sluice removes files only on a disk of a Linux machine',
  ],
  ['EBADMSG', 'EBADMSG', 'check the storage of the source, then retry'],
];
for (const [code, cause, remedy] of rows) {
  test(`a failed removal: ${code} means ${cause}`, () => {
    assert.equal([removalCauseText(code), removalRemedyText(code, ', then retry')], [cause, remedy]);
  });
}

test('the timeline and the log say why a removal failed and what to do, and keep the call and its code', () => {
  const detail = { step: 'hiding', code: 'EROFS', operation: 'rename a.mxf' };
  assert.is(
    timelineText({ event: 'removal_failed', detail }),
    'not removed at the source: the filesystem is read-only (rename a.mxf: EROFS); mount the source with write access',
  );
});

test.run();
