// group: storage
import process from 'node:process';
import { destinationConformance } from '@sluice/testkit';
import { test } from 'uvu';
import { makeLoopDisk, whyNoLoopDisk } from '../../packages/transport/test/support/loop-disk.ts';
import { underTest } from './support/mounted-folder.ts';

const noDisk = whyNoLoopDisk();
if (noDisk !== null) process.stdout.write(`skipped: mountedFolder on a disk: ${noDisk}\n`);
else {
  destinationConformance(
    'mountedFolder on a disk',
    async () => {
      const disk = makeLoopDisk();
      disk.format('a', 8);
      disk.mount('a');
      return underTest({
        root: disk.path,
        setReadOnly: (isReadOnly) => disk.remount(isReadOnly ? 'ro' : 'rw'),
        end: async () => disk.remove(),
      });
    },
    { hasOwnRoom: true, canBeReadOnly: true },
  );
}

test.run();
