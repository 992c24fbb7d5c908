import { restoreState } from '@sluice/core';
import { routeName } from '@sluice/core/model';
import type { PruneRequest } from '@sluice/persistence';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { limits } from '../src/limits.ts';
import { startPruning } from '../src/pruning.ts';
import { settingsFor } from './first-start.ts';

const dayMs = 86_400_000;

/** A journal that reports how often more can be pruned, and one timer that the test fires. */
function setUp(
  answers: readonly (boolean | string)[],
  { newestAt = 100 * dayMs, aheadMs = 0, doubtedMs = 0 }: { newestAt?: number | null; aheadMs?: number; doubtedMs?: number } = {},
) {
  const lines: string[] = [];
  const requests: PruneRequest[] = [];
  let now = 0;
  let dueAt: number | null = null;
  let fire = (): void => {};
  const left = [...answers];
  const image = { nextSeq: 1, files: [], routeFacts: [], usedNames: [] };
  const settings = settingsFor([]);
  const callOff = startPruning({
    journal: {
      newestAt: () => newestAt,
      doubtedMs: () => doubtedMs,
      prune(request) {
        requests.push(request);
        const answer = left.shift() ?? true;
        if (typeof answer === 'string') throw Object.assign(new Error('no'), { code: answer });
        return { files: 1, entries: 1, isDone: answer };
      },
    },
    state: restoreState({ settings, image, untilIdle: false, at: 0, wall: 0 }),
    clock: { monotonic: () => now, wall: () => 100 * dayMs + now + aheadMs },
    makeTimer: (work) => {
      fire = work;
      return { set: (at) => void (dueAt = at), clear: () => void (dueAt = null) };
    },
    keepMs: 90 * dayMs,
    log: (level, text) => void lines.push(`${level} ${text}`),
  });
  const ring = (): number => {
    const waited = (dueAt ?? Number.NaN) - now;
    now = dueAt ?? now;
    fire();
    return waited;
  };
  return { requests, lines, ring, callOff, dueAt: () => dueAt };
}

test('startPruning: prunes piece by piece, then at long intervals', () => {
  const { ring, requests } = setUp([false, false, true]);
  assert.equal(
    [ring(), ring(), ring(), ring()],
    [limits.pruneFirstMs, limits.pruneNextPieceMs, limits.pruneNextPieceMs, limits.pruneEveryMs],
  );
  assert.is(requests[0]?.before, 10 * dayMs + limits.pruneFirstMs);
});

test('startPruning: a full disk does not end it, a fault of the program does', () => {
  const full = setUp(['SQLITE_FULL']);
  full.ring();
  assert.is(full.ring(), limits.pruneEveryMs);
  assert.throws(() => setUp(['ERR_OTHER']).ring(), /no/);
});

test('startPruning: files of a route that is no longer configured are kept', () => {
  const { ring, requests } = setUp([true]);
  ring();
  assert.is(requests[0]?.isAtSource(routeName('elsewhere'), 'a.mxf'), true);
});

test('startPruning: after it was ended it prunes no more', () => {
  const { callOff, dueAt } = setUp([]);
  callOff();
  assert.is(dueAt(), null);
});

test('startPruning: a clock 400 days ahead does not make files old, and is reported once', () => {
  const { ring, requests, lines } = setUp([true, true], { aheadMs: 400 * dayMs });
  for (const moment of [ring(), limits.pruneFirstMs + ring()]) assert.ok(moment > 0);
  assert.equal(
    requests.map(({ before }) => before),
    [11 * dayMs + limits.pruneFirstMs, 11 * dayMs + limits.pruneFirstMs + limits.pruneEveryMs],
  );
  const warnings = lines.filter((line) => line.startsWith('warn'));
  assert.is(warnings.length, 1);
  assert.match(warnings[0] ?? '', /^warn the clock is 400 days ahead of the journal: .* removes nothing because of the clock$/);
});

test('startPruning: time that may be from a wrong clock of an earlier run makes no file old', () => {
  const ahead = 400 * dayMs;
  const { ring, requests } = setUp([true], { newestAt: 100 * dayMs + ahead, aheadMs: ahead, doubtedMs: ahead - dayMs });
  ring();
  assert.is(requests[0]?.before, 11 * dayMs + limits.pruneFirstMs);
});

test('startPruning: a clock behind the journal is used, and an empty journal has no old files', () => {
  const behind = setUp([true], { aheadMs: -50 * dayMs });
  behind.ring();
  assert.is(behind.requests[0]?.before, -40 * dayMs + limits.pruneFirstMs);
  const empty = setUp([true], { newestAt: null, aheadMs: 400 * dayMs });
  empty.ring();
  assert.is(empty.requests[0]?.before, 410 * dayMs + limits.pruneFirstMs);
  assert.equal(
    [...behind.lines, ...empty.lines].filter((line) => line.startsWith('warn')),
    [],
  );
});

test.run();
