// Opens a journal, which migrates it. Writes a line to standard output when it begins, and when it is done.
import { writeSync } from 'node:fs';
import { argv } from 'node:process';
import { openJournal } from '../../src/journal.ts';

writeSync(1, 'begins\n');
openJournal({ path: argv[2] ?? '', now: () => 0 }).close();
writeSync(1, 'done\n');
