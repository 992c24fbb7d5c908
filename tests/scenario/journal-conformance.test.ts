import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal } from '@sluice/persistence';
import { journalConformance } from '@sluice/testkit';
import { test } from 'uvu';

journalConformance('openJournal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-journal-'));
  const open = (): ReturnType<typeof openJournal> => openJournal({ path: join(folder, 'journal.db'), now: () => 0 });
  let journal = open();
  return {
    journal,
    reopen() {
      journal.close();
      journal = open();
      return journal;
    },
    end() {
      journal.close();
      rmSync(folder, { recursive: true });
    },
  };
});

test.run();
