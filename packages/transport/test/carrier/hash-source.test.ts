import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { OpenFile, Storage } from '../../src/storage/storage.ts';
import { carrierFixture, ids } from '../support/carrier-fixture.ts';
import { withCalls } from '../support/faults.ts';
import { make } from '../support/files.ts';

/** Counts the files of the source that are open. */
class OpenCount {
  count = 0;

  readonly wrap = (storage: Storage): Storage => ({
    ...storage,
    open: async (path, how) => {
      const file = await storage.open(path, how);
      this.count += 1;
      return withCalls(file, { close: () => this.#close(file) });
    },
  });

  async #close(file: OpenFile): Promise<void> {
    this.count -= 1;
    await file.close();
  }
}

for (const [what, sizeBytes, end] of [
  ['was read', 100, 'source_hashed'],
  ['has changed', 99, 'failed'],
] as const)
  test(`hash_source: a source that ${what} is closed, so that its card can be taken out`, async () => {
    const open = new OpenCount();
    const fixture = await carrierFixture({ wrapSource: open.wrap });
    const { mtimeNs } = await make(join(fixture.source, 'a.mov'), 100);
    fixture.carrier.receive({ kind: 'hash_source', ...ids, source: 'a.mov', sourceIdentity: null, expected: { sizeBytes, mtimeNs } });
    await fixture.next(end);
    // The lane closes it right after its report.
    for (let turns = 0; turns < 100 && open.count > 0; turns += 1) await new Promise(setImmediate);
    assert.is(open.count, 0);
    await fixture.end();
  });

test.run();
