// group: package
import { execFileSync } from 'node:child_process';
import { link, mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { platform } from 'node:process';
import { markerName } from '@sluice/core/marker';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { gather } from '../../src/prober/evidence.ts';
import { expectBad, first, inFolder, isKind, markAs } from '../support/prober-claims.ts';

/** Files that anyone with write access to the destination can put under the name of the marker. */
const impostors = {
  'a FIFO': async (path) => void execFileSync('mkfifo', [path]),
  'a link to a device without an end': async (path) => await symlink('/dev/zero', path),
  'a link to nothing': async (path) => await symlink('nothing', path),
  'a folder': async (path) => await mkdir(path),
  'a file of 1 GB': async (path) => {
    await writeFile(path, `${first}\n`);
    await truncate(path, 1_000_000_000);
  },
} as const satisfies Readonly<Record<string, (path: string) => Promise<void>>>;

/** Puts one and the other under a name, in turn and without a gap, until it is ended. */
async function exchange(path: string, ones: readonly string[], signal: AbortSignal): Promise<number> {
  const aside = `${ones[0]}-aside`;
  let count = 0;
  for (; !signal.aborted; count += 1) {
    await link(ones[count % ones.length] ?? '', aside);
    await rename(aside, path);
  }
  return count;
}

// Windows has neither FIFOs nor names that take the place of an open file.
if (platform !== 'win32') {
  for (const [what, make] of Object.entries(impostors)) {
    test(`prober: ${what} under the marker's name is unclear, for a probe, a marker to be written and evidence`, () =>
      inFolder(async (prober, root) => {
        const unmarked = await prober.probe();
        await make(join(root, markerName));
        for (const expectedMarker of [first, null]) {
          const { finding } = await expectBad(prober, 'unknown', 'MARKER_UNCLEAR', expectedMarker);
          assert.equal(finding, { kind: 'marker_unclear', operation: 'read the marker' });
        }
        prober.markUnheard(first, unmarked);
        await expectBad(prober, 'unknown', 'MARKER_UNCLEAR');
        assert.equal((await gather(root, [markerName, 'a.mxf'])).marker, { kind: 'unclear' });
      }));
  }

  test('prober: a marker that is exchanged for a FIFO all the time is found or unclear, and never hangs a probe', () =>
    inFolder(async (prober, root) => {
      await markAs(prober, first);
      const aside = await mkdtemp(join(tmpdir(), 'sluice-exchanged-'));
      const [marker, fifo] = [join(aside, 'marker'), join(aside, 'fifo')];
      await link(join(root, markerName), marker);
      execFileSync('mkfifo', [fifo]);
      const ended = new AbortController();
      const exchanging = exchange(join(root, markerName), [fifo, marker], ended.signal);
      try {
        const kinds = new Set<string>();
        for (let round = 0; round < 200 || (kinds.size < 2 && round < 2_000); round += 1) {
          const result = await prober.probe({ expectedMarker: first });
          kinds.add(result.kind);
          if (result.kind === 'good') assert.is(result.marker, first);
          else {
            isKind(result, 'bad');
            assert.equal(result.finding, { kind: 'marker_unclear', operation: 'read the marker' });
          }
        }
        assert.equal([...kinds].sort(), ['bad', 'good']);
      } finally {
        ended.abort();
        assert.ok((await exchanging) > 200);
        await rm(aside, { recursive: true });
      }
    }));
}

test.run();
