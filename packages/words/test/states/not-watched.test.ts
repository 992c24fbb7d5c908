import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { notWatchedText } from '../../src/states/not-watched.ts';

const what = (code: string): string => `the system has no watches left (${code}): Sluice finds new files by scans only`;

test('notWatchedText: names the setting that belongs to the code', () => {
  assert.is(notWatchedText('ENOSPC'), `${what('ENOSPC')}; raise fs.inotify.max_user_watches, then restart Sluice`);
  assert.is(notWatchedText('EMFILE'), `${what('EMFILE')}; raise fs.inotify.max_user_instances, then restart Sluice`);
  assert.is(notWatchedText('EPERM'), what('EPERM'));
});

test.run();
