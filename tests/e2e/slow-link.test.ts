// group: package
// timeout: 240s
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type FaultFolders, makeFaultFolders, removeFaultFolders, startOnMount } from '../bed/fault-folders.ts';
import { type LinkSync, whyNoFaultMount } from '../bed/fault-mount.ts';
import { makeFile } from '../bed/folders.ts';
import { assertCopied } from '../bed/outage.ts';
import { type Agent, reported, reportedFiles } from '../bed/sluice.ts';
import { stories } from '../bed/stories.ts';

const test = stories<FaultFolders>('a share behind a slow link', 2, { make: makeFaultFolders, remove: removeFaultFolders });

/** The files of one test. */
interface Files {
  readonly count: number;
  readonly bytes: number;
}

interface Link {
  readonly bytesPerSecond: number;
  readonly latencyMs: number;
}

/** Copies files over a link. Each has to be copied by its first attempt, and no load may look like an outage. */
async function copyAll(context: FaultFolders, link: Link, files: Files, args: readonly string[]): Promise<readonly LinkSync[]> {
  const { folders, mount } = context;
  const names = Array.from({ length: files.count }, (_, index) => `${String(index).padStart(3, '0')}.bin`);
  for (const name of names) await makeFile(join(folders.source, name), files.bytes);
  await mount.uncached();
  await mount.link(link);
  const agent = startOnMount(context, ['--stall-max', '12s', ...args]);
  for (const source of names) await reported(agent, (file) => file.source === source && file.status === 'COMPLETED', 200_000);
  assertUndisturbed(agent, names.length);
  await assertCopied(folders.source, mount.backing, Object.fromEntries(names.map((name) => [name, name])));
  return mount.syncs();
}

/** Twenty copies at the same time, none of which counts as small. */
const twenty = ['--lanes', '20', '--small-size', '0'];

function assertUndisturbed(agent: Agent, files: number): void {
  assert.equal([...new Set(reportedFiles(agent).map(({ status }) => status))], ['COMPLETED']);
  assert.is(reportedFiles(agent).length, files, 'nothing was found a second time');
  const closings = agent.notes.filter((note) => note.event === 'gate' && note.gate.state === 'closed' && note.gate.cause !== 'unknown');
  assert.equal(closings, [], 'load is not an outage');
}

/** Asserts that a sync took about a second in the second half, and that the bytes under way never took as long as a stall. */
function assertPaced(syncs: readonly LinkSync[], { bytesPerSecond }: Link): void {
  const tookMs = median(syncs.slice(syncs.length / 2).map((sync) => sync.tookMs));
  assert.ok(tookMs >= 250 && tookMs <= 2_500, `a sync took ${tookMs} ms`);
  const mostMs = Math.max(...syncs.map((sync) => (sync.waitingBytes / bytesPerSecond) * 1000));
  assert.ok(mostMs < 12_000, `${mostMs} ms of bytes were on their way at once`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Prints the number of files with unsynced bytes and the duration of a sync, for each quarter of the run. */
function show(what: string, syncs: readonly LinkSync[]): void {
  for (let quarter = 0; quarter < 4; quarter += 1) {
    const part = syncs.slice((syncs.length * quarter) / 4, (syncs.length * (quarter + 1)) / 4);
    const files = median(part.map(({ waitingFiles }) => waitingFiles));
    const mib = median(part.map(({ waitingBytes }) => waitingBytes)) / 1024 / 1024;
    const tookMs = median(part.map((sync) => sync.tookMs));
    console.log(
      `  measured: ${what}, quarter ${quarter + 1}: ${part.length} syncs, ${files} files at once, ${mib.toFixed(1)} MiB, ${tookMs} ms`,
    );
  }
}

for (const [what, bitsPerSecond, sizeBytes] of [
  ['90 Mbit/s', 90_000_000, 8_000_000],
  ['4 Mbit/s', 4_000_000, 1_048_576],
] as const) {
  test(`${what}, 20 copies at once: every file is copied, and a sync takes about a second`, async (context) => {
    const link = { bytesPerSecond: bitsPerSecond / 8, latencyMs: 0 };
    const syncs = await copyAll(context, link, { count: 20, bytes: sizeBytes }, twenty);
    show(what, syncs);
    assertPaced(syncs, link);
  });
}

test('4 Mbit/s, 700 small files: every file is copied, many are synced at once, and a sync takes about a second', async (context) => {
  const link = { bytesPerSecond: 500_000, latencyMs: 0 };
  const syncs = await copyAll(context, link, { count: 700, bytes: 16_384 }, []);
  show('4 Mbit/s, small files', syncs);
  assertPaced(syncs, link);
  const atOnce = median(syncs.map(({ waitingFiles }) => waitingFiles));
  assert.ok(atOnce > 10, `${atOnce} files at once`);
});

test('200 ms for each call, 20 copies at once: every file is copied, and all 20 are under way at the same time', async (context) => {
  const syncs = await copyAll(context, { bytesPerSecond: 11_250_000, latencyMs: 200 }, { count: 20, bytes: 4_000_000 }, twenty);
  show('200 ms', syncs);
});

const why = whyNoFaultMount();
if (why === null) test.run();
else console.log(`skipped: a share behind a slow link: ${why}`);
