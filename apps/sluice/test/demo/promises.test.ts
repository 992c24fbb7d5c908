import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileJson } from '@sluice/control';
import { file } from '@sluice/tui/fixtures';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compare, judge, nothingSeen, type Seen } from '../../src/demo/promises.ts';
import { type DemoStorage, makeStorage } from '../../src/demo/stage/storage.ts';

interface Context {
  root: string;
  source: string;
  storage: DemoStorage;
}

const end = { promise: 'the end', verdict: 'held', seen: '' } as const;
const error = { kind: 'network_interruption', code: 'EIO', percent: 45, operator: '', technical: '' } as const;
const failed = file({ id: 'failed', source: 'a.mxf', status: 'FAILED', error });
const again = file({ id: 'again', source: 'a.mxf', destination: 'a_1.mxf', status: 'COMPLETED', recoveryOf: 'failed' });
const seen: Seen = { failedAfterMs: 100, failedIds: ['failed'], waitedVisibly: true, movedAfterMs: 500 };

const promises = suite<Context>('promises');

promises.before.each(async (context) => {
  context.root = mkdtempSync(join(tmpdir(), 'proof-'));
  context.source = join(context.root, 'source');
  mkdirSync(context.source);
  context.storage = await makeStorage(context.root);
  writeFileSync(join(context.source, 'a.mxf'), 'the bytes');
  writeFileSync(join(context.storage.folder, 'a_1.mxf'), 'the bytes');
});
promises.after.each(({ root }) => rmSync(root, { recursive: true }));

async function verdicts(context: Context, files: readonly FileJson[], of: Seen): Promise<string[]> {
  const judged = await judge(context, files, await compare(context, files), of, end);
  return judged.map(({ verdict }) => verdict);
}

promises('judge: everything as promised', async (context) => {
  assert.equal(
    await verdicts(context, [failed, again], seen),
    Array.from({ length: 7 }, () => 'held'),
  );
});

promises('judge: other bytes, and bytes that are nowhere, break the first promise', async (context) => {
  writeFileSync(join(context.storage.folder, 'a_1.mxf'), 'other bytes');
  assert.is((await verdicts(context, [failed, again], seen))[0], 'BROKEN');
  rmSync(join(context.storage.folder, 'a_1.mxf'));
  assert.is((await verdicts(context, [failed, again], seen))[0], 'BROKEN');
});

promises('judge: a file at the source that was never reported breaks it, too', async (context) => {
  writeFileSync(join(context.source, 'b.mxf'), 'more');
  assert.is((await verdicts(context, [failed, again], seen))[0], 'BROKEN');
});

promises('judge: what lies on a disk that was put away or adopted has arrived', async (context) => {
  await context.storage.putIn('wrong');
  assert.is((await verdicts(context, [failed, again], seen))[0], 'held');
  writeFileSync(join(context.source, 'c.mxf'), 'more');
  writeFileSync(join(context.storage.folder, 'c.mxf'), 'more');
  const there = file({ id: 'c', source: 'c.mxf', status: 'COMPLETED' });
  assert.is((await verdicts(context, [failed, again, there], seen))[0], 'held');
});

promises('judge: what the tour did not reach counts as not shown, and breaks nothing', async (context) => {
  const copied = file({ id: 'a', source: 'a.mxf', destination: 'a_1.mxf', status: 'COMPLETED' });
  const seen = await verdicts(context, [copied], nothingSeen());
  assert.equal(seen, ['held', 'not shown', 'not shown', 'not shown', 'not shown', 'held', 'held']);
});

promises('judge: who leaves in the middle of the outage has seen the failures, and not the rest', async (context) => {
  const early: Seen = { ...nothingSeen(), failedAfterMs: 100, failedIds: ['failed'] };
  assert.equal(await verdicts(context, [failed, again], early), ['held', 'held', 'not shown', 'held', 'not shown', 'held', 'held']);
});

promises('judge: too late, not found again, another failure: broken', async (context) => {
  assert.is((await verdicts(context, [failed, again], { ...seen, failedAfterMs: 'late' }))[1], 'BROKEN');
  const other = { ...failed, error: { ...error, kind: 'checksum_mismatch' } as const };
  assert.is((await verdicts(context, [other, again], seen))[1], 'BROKEN');
  assert.is((await verdicts(context, [failed, { ...again, recoveryOf: null }], seen))[2], 'BROKEN');
  assert.is((await verdicts(context, [failed, { ...again, destination: 'a.mxf' }], seen))[3], 'BROKEN');
  assert.is((await verdicts(context, [failed, again], { ...seen, movedAfterMs: 2_001 }))[4], 'BROKEN');
  assert.is((await verdicts(context, [failed, again], { ...seen, movedAfterMs: 'late' }))[4], 'BROKEN');
});

promises('judge: a hidden part file that was left is reported', async (context) => {
  writeFileSync(join(context.storage.folder, '.a.mxf.01234567.part'), '');
  assert.is((await verdicts(context, [failed, again], seen))[5], 'BROKEN');
});

promises.run();
