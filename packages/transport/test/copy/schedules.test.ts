// real: writes to a file while it is copied
import { appendFile, open, truncate, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type CarrierFixture, carrierFixture, chunk, ids, orderFor, publishFor } from '../support/carrier-fixture.ts';
import { failing } from '../support/faults.ts';
import { bytesOf, fingerprint, isSame, make } from '../support/files.ts';

/** What a recorder does to its file; places and sizes as shares of the file or of a few chunks. */
const deed = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('append' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('rewrite' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('truncate' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('touch' as const), share: fc.constant(0) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('pause' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }) },
);
type Deed = typeof deed extends fc.Arbitrary<infer D> ? D : never;

async function perform(path: string, { do: what, share }: Deed, seed: number): Promise<void> {
  const { sizeBytes } = await fingerprint(path);
  switch (what) {
    case 'append':
      return await appendFile(path, bytesOf(1 + Math.floor(share * 3 * chunk), seed));
    case 'rewrite': {
      const file = await open(path, 'r+');
      const at = Math.floor(share * Math.max(0, sizeBytes - 1));
      await file.write(bytesOf(Math.min(100, sizeBytes - at), seed), 0, Math.min(100, sizeBytes - at), at);
      return await file.close();
    }
    case 'truncate':
      return await truncate(path, Math.max(1, Math.floor(share * sizeBytes)));
    case 'touch':
      return await utimes(path, new Date(), new Date());
    case 'pause':
      return await pause(share * 25);
  }
}

/** To the published file; a source that moves after it was verified is read back again. */
async function runCopy(fixture: CarrierFixture, order: ReturnType<typeof orderFor>, schedule: Promise<void>): Promise<void> {
  const readBack = { kind: 'read_back', ...ids } as const;
  let isOver = false;
  void schedule.then(() => {
    isOver = true;
  });
  let copied = await fixture.next('copied');
  for (;;) {
    const wasOver = isOver;
    fixture.carrier.receive(readBack);
    if ((await fixture.next('verified', 'source_moved')).kind === 'source_moved') copied = await fixture.next('copied');
    else if (wasOver) break;
    else await schedule;
  }
  fixture.carrier.receive({ kind: 'publish', order: publishFor(order, copied) });
  await fixture.next('published');
}

const growing = { enabled: true, include: [], visible: true, minSizeBytes: 1, pollMs: 1, quietForMs: 20 };

test('copy: whatever a recorder does to its file, what is published is identical', async () => {
  const given = fc.record({
    first: fc.integer({ min: 1, max: 6 * chunk }),
    deeds: fc.array(deed, { maxLength: 20 }),
    startsAsGrowing: fc.boolean(),
    isVisible: fc.boolean(),
    isDirectRefusedAtSource: fc.boolean(),
    safetyMarginBytes: fc.integer({ min: 0, max: 3 * chunk }),
  });
  const holds = fc.asyncProperty(given, async (g) => {
    const options = { route: { growing: { ...growing, safetyMarginBytes: g.safetyMarginBytes } } };
    const refusing = { ...options, wrapSource: failing('open_direct', 'EINVAL') };
    const fixture = await carrierFixture(g.isDirectRefusedAtSource ? refusing : options);
    try {
      const path = join(fixture.source, 'a.mxf');
      const order = orderFor('a.mxf', await make(path, g.first), { growing: g.startsAsGrowing, ...(g.isVisible ? { part: null } : {}) });
      fixture.carrier.receive({ kind: 'copy', order });
      const schedule = (async () => {
        for (const [index, one] of g.deeds.entries()) await perform(path, one, index + 2);
      })();
      await runCopy(fixture, order, schedule);
      assert.ok(await isSame(path, join(fixture.destination, 'a.mxf')));
    } finally {
      await fixture.end();
    }
  });
  await fc.assert(holds, { numRuns: 40, endOnFailure: true });
});

test.run();
