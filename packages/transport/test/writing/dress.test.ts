import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { OpenFile } from '../../src/storage/storage.ts';
import type { CopyTask, Writing } from '../../src/task/task.ts';
import { dressEarly } from '../../src/writing/target.ts';

/** @returns the mode that a written file is given before it is verified; null: none */
async function earlyMode(mode: number): Promise<number | null> {
  let given: number | null = null;
  const file: Pick<OpenFile, 'setTimes' | 'setMode' | 'facts'> = {
    setTimes: () => Promise.resolve(),
    setMode: (asked) => {
      given = asked;
      return Promise.resolve();
    },
    facts: () => Promise.resolve({ kind: 'file', sizeBytes: 1, mtimeNs: '5', changeNs: '5', mode: given ?? 0, device: '1', inode: '1' }),
  };
  const writing = { file, source: { facts: { mode } }, dressed: null as Writing['dressed'] };
  const task = { route: { destinationMode: null }, order: { mode, expected: { sizeBytes: 1, mtimeNs: '5' } } };
  await dressEarly(task as unknown as CopyTask, writing as unknown as Writing);
  assert.equal(writing.dressed, given === null ? null : { mtimeNs: '5', mode: given, setMtimeNs: '5' });
  return given;
}

for (const [mode, early, why] of [
  [0o644, 0o644, 'only its owner can write to it'],
  [0o600, 0o600, 'only its owner can write to it'],
  [0o755, 0o755, 'only its owner can write to it'],
  [0o666, null, 'anybody could change it before it is verified'],
  [0o664, null, 'its group could change it before it is verified'],
  [0o444, null, 'it could not be written on'],
  [0o200, null, 'it could not be read back'],
] as const) {
  test(`dressEarly: a file of mode ${mode.toString(8)} ${early === null ? 'waits for its mode' : 'gets it at once'}: ${why}`, async () => {
    assert.is(await earlyMode(mode), early);
  });
}

test.run();
