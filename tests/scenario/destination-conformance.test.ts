import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { destinationConformance } from '@sluice/testkit';
import { test } from 'uvu';
import { underTest } from './support/mounted-folder.ts';

destinationConformance(
  'mountedFolder',
  async () => {
    const root = await mkdtemp(join(tmpdir(), 'sluice-destination-'));
    return underTest({ root, setReadOnly: () => undefined, end: () => rm(root, { recursive: true }) });
  },
  { hasOwnRoom: false, canBeReadOnly: false },
);

test.run();
