import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeProbeFile } from '../../src/prober/probe-file.ts';
import { findRoot } from '../../src/prober/root.ts';
import { bad, type Call, caller } from '../../src/prober/step.ts';
import { routeFor } from '../support/carrier-fixture.ts';

const test = suite<{ root: string }>('probe file');
const name = '.sluice-probe-0a0b0c0d';

test.before.each(async (context) => {
  context.root = await mkdtemp(join(tmpdir(), 'sluice-probe-file-'));
});
test.after.each(({ root }) => rm(root, { recursive: true }));

interface Given {
  /** Number of calls after which the simulated agent ends. */
  readonly endsAfter?: number;
  readonly freeBytes?: number;
  /** The codes that calls fail with, one after the other; a call that has none is made. */
  readonly failures?: readonly string[];
  readonly number?: number;
  readonly mayHaveLeftovers?: boolean;
}

/** @returns whether the storage is full, or the code and the finding of the bad answer */
async function outcome(path: string, given: Given): Promise<unknown> {
  const { endsAfter = Number.POSITIVE_INFINITY, freeBytes = 500, failures = [], number = 1, mayHaveLeftovers = false } = given;
  let asked = 0;
  const mayGoOn = (): boolean => {
    asked += 1;
    return asked <= endsAfter;
  };
  const facts = { agentId: '0a0b0c0d', number, mayHaveLeftovers, expectedMarker: null, plainFolderMeant: false, writes: true };
  const question = { ...facts, route: routeFor('', path), mayGoOn };
  const root = await findRoot(path);
  const codes = failures.values();
  const makeCall = caller(question, root.description);
  const call: Call = async (operation, work) => {
    const code = codes.next().value ?? '';
    return code === '' ? await makeCall(operation, work) : bad('unreachable', code, { kind: 'call_failed', operation }, null);
  };
  const made = await makeProbeFile({ question, root, call }, { totalBytes: 1_000, freeBytes });
  return made.kind === 'bad' ? { code: made.code, finding: made.finding } : made.value;
}

test('makeProbeFile: leaves nothing, whatever an earlier probe left', async ({ root }) => {
  await writeFile(join(root, name), '');
  await writeFile(join(root, `${name}-2`), '');
  assert.is(await outcome(root, {}), false);
  assert.equal(await readdir(root), []);
});

test('makeProbeFile: folders of another user under both names do not close a destination', async ({ root }) => {
  await mkdir(join(root, name));
  await mkdir(join(root, `${name}-2`));
  await writeFile(join(root, name, 'kept'), '');
  assert.is(await outcome(root, {}), false);
  assert.equal((await readdir(root)).sort(), [name, `${name}-2`]);
});

for (const [endsAfter, operation, left] of [
  [0, 'remove an old probe file', []],
  [1, 'create a probe file', []],
  [2, 'remove the probe file', [name]],
  [3, 'remove an old probe file', []],
] as const) {
  test(`makeProbeFile: makes no further call when Sluice ends after ${endsAfter} of them`, async ({ root }) => {
    assert.equal(await outcome(root, { endsAfter }), { code: 'ENDED', finding: { kind: 'agent_ends', operation } });
    assert.equal(await readdir(root), left);
  });
}

const badCall = (operation: string, code: string): unknown => ({ code, finding: { kind: 'call_failed', operation } });

for (const [what, given, expected] of [
  ['a quota that is used up is a full storage', { failures: ['', 'EDQUOT'] }, true],
  ['EIO without room is a full storage', { failures: ['', 'EIO'], freeBytes: 0 }, true],
  ['EIO with room is a bad answer', { failures: ['', 'EIO'] }, badCall('create a probe file', 'EIO')],
  ['a file that is in use leads to a second one', { failures: ['EBUSY'] }, false],
  ['a second file that is in use, too, is a bad answer', { failures: ['EPERM', 'EBUSY'] }, badCall('remove an old probe file', 'EBUSY')],
  ['a second file may find the storage full', { failures: ['', 'EEXIST', '', 'ENOSPC'] }, true],
  ['names that are both taken say nothing of the storage', { failures: ['', 'EEXIST', '', 'EEXIST'] }, false],
  ['names that are both occupied lead to a third one', { failures: ['EPERM', 'EPERM'] }, false],
  [
    'a storage that refuses every name is a bad answer',
    { failures: ['EPERM', 'EPERM', '', 'EPERM'] },
    badCall('create a probe file', 'EPERM'),
  ],
  ['a file that is in use when it is removed was made', { failures: ['', '', 'EBUSY'] }, false],
  ['a file that cannot be removed is a bad answer', { failures: ['', '', 'EROFS'] }, badCall('remove the probe file', 'EROFS')],
] as const) {
  test(`makeProbeFile: ${what}`, async ({ root }) => assert.equal(await outcome(root, given), expected));
}

test('makeProbeFile: a second probe file that cannot be removed does not change the result', async ({ root }) => {
  await mkdir(join(root, `${name}-2`));
  assert.is(await outcome(root, {}), false);
});

test('makeProbeFile: a second question does not touch the files of the first', async ({ root }) => {
  await writeFile(join(root, name), '');
  await writeFile(join(root, `${name}-2`), '');
  assert.is(await outcome(root, { number: 2 }), false);
  assert.equal((await readdir(root)).sort(), [name, `${name}-2`]);
});

for (const number of [1, 2]) {
  test(`makeProbeFile: question ${number} removes the files that an ended prober left, of all its questions`, async ({ root }) => {
    for (const left of ['', '-2', '-3', '-4']) await writeFile(join(root, `${name}${left}`), '');
    assert.is(await outcome(root, { number, mayHaveLeftovers: true }), false);
    assert.equal(await readdir(root), []);
  });
}

test.run();
