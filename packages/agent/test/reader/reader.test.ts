// real: it starts processes
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { routeName } from '@sluice/core/model';
import { openJournal } from '@sluice/persistence';
import { setMainModule } from '@sluice/platform';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeSystemTimer, systemClock } from '../../src/clock.ts';
import { limits } from '../../src/limits.ts';
import { Questions } from '../../src/reader/questions.ts';
import { readerStarter } from '../../src/reader/start.ts';

const test = suite<{ stateDir: string; questions: Questions }>('the process that searches names');
const files = 12_000;
const tooLong = 'ControlError: the search took longer than 8 s and was ended: give a shorter pattern, the id or the whole path';

test.before((context) => {
  setMainModule(join(import.meta.dirname, '../../../../apps/sluice/src/main.ts'));
  context.stateDir = mkdtempSync(join(tmpdir(), 'reader-'));
  const journal = openJournal({ path: join(context.stateDir, 'journal.db'), now: Date.now });
  // Argument 1 is the name of its route.
  journal.append([{ kind: 'route_fact', seq: 1, at: 0, route: routeName('r'), key: 'hold', event: { kind: 'hold_expired' } }]);
  journal.database
    .prepare(
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
       INSERT INTO files (n, id, route, status, size_bytes, discovered_at, mtime_ns, source, destination, record, crc)
         SELECT i + 1, printf('%08x-0000-4000-8000-000000000000', i), 1, 3, 1, 0, '1', printf('%08x', i) || ?, 'd', '{}', 0 FROM n`,
    )
    .run(files, 'a'.repeat(1_000));
  journal.close();
  context.questions = new Questions({
    start: readerStarter({ config: { stateDir: context.stateDir } }),
    clock: systemClock,
    makeTimer: makeSystemTimer,
  });
});
test.after(({ questions, stateDir }) => {
  questions.end();
  rmSync(stateDir, { recursive: true, force: true });
});

test('a pattern that takes seconds is ended at its deadline, which counts from when the process is ready', async ({ questions }) => {
  // No name ends in "b", and each has a thousand positions where it might. A search takes a thousand times the deadline.
  const slow = `*${'[^z]'.repeat(limits.patternWildcards - 1)}b`;
  const began = questions.time();
  const refused = await questions.ask({ kind: 'find', text: slow, limit: 9 }, began + 1, false).catch(String);
  assert.is(String(refused).replace(/ for .* took/, ' took'), tooLong);
});

test('the next query is answered by a new process', async ({ questions }) => {
  const ids = await questions.ask({ kind: 'find', text: '0000000[12]*', limit: 9 }, questions.time() + 60_000, false).catch(String);
  // The records of this journal have no checksums: the row that is found is read, and refused.
  assert.match(String(ids), /the record of tracked file 00000002-.* does not match its checksum/);
});

test.run();
