// real: it starts processes
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { routeName } from '@sluice/core/model';
import { openJournal } from '@sluice/persistence';
import { setMainModule } from '@sluice/platform';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeSystemTimer, systemClock } from '../../src/clock.ts';
import { limits } from '../../src/limits.ts';
import { Questions } from '../../src/questions/questions.ts';
import { readerStarter } from '../../src/questions/start.ts';

const test = suite<{ stateDir: string; questions: Questions }>('the process that searches names');
const files = 12_000;
/** Of one turn of the loop, with room for a machine that is busy: a search in this process takes seconds. */
const lagLimitMs = 500;

test.before((context) => {
  setMainModule(join(import.meta.dirname, '../../../../apps/sluice/src/main.ts'));
  context.stateDir = mkdtempSync(join(tmpdir(), 'reader-'));
  const journal = openJournal({ path: join(context.stateDir, 'journal.db'), now: Date.now });
  // Word 1 is the name of its route.
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

/** Runs work while a timer fires. @returns the longest time between two of its turns, milliseconds */
async function worstLag(work: () => Promise<unknown>): Promise<number> {
  let worst = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    worst = Math.max(worst, performance.now() - last);
    last = performance.now();
  }, 5);
  await work().finally(() => clearInterval(timer));
  return Math.max(worst, performance.now() - last);
}

test('a pattern that takes seconds is ended at its deadline, and the agent goes on meanwhile', async ({ questions }) => {
  const slow = `*${'[^z]'.repeat(limits.patternWildcards - 1)}b`;
  let refused = '';
  const beganAt = performance.now();
  const lag = await worstLag(() =>
    questions
      .ask({ kind: 'find', text: slow, limit: 9 }, systemClock.monotonic() + 400, false)
      .catch((error: Error) => (refused = error.message)),
  );
  assert.match(refused, /^the search for .* took longer than/);
  assert.ok(performance.now() - beganAt < 10_000);
  assert.ok(lag < lagLimitMs, `the loop was held for ${lag} ms`);
});

test('the next question is answered by a new process', async ({ questions }) => {
  const ids = await questions.ask({ kind: 'find', text: '0000000[12]*', limit: 9 }, systemClock.monotonic() + 60_000, false).catch(String);
  // The records of this journal have no checksums: what is found is read, and refused.
  assert.match(String(ids), /the record of tracked file 00000002-.* does not match its checksum/);
});

test.run();
