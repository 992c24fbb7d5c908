// Opens a journal, which brings it up to date. Writes a line to standard output when it begins, and when it has done so.
import { writeSync } from 'node:fs';
import { argv } from 'node:process';
import { openJournal } from '../../src/journal.ts';

writeSync(1, 'begins\n');
openJournal({ path: argv[2] ?? '', now: () => 0 }).close();
writeSync(1, 'done\n');
