import type { JournalRecord } from '@sluice/core';
import { fileOf } from '@sluice/core/fixtures';
import { fileId, type TrackedFile } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DoneHook } from '../../src/hooks/on-done.ts';
import { limits } from '../../src/limits.ts';
import { done, handStarted } from './support/hand-started.ts';

const view = ({ source }: TrackedFile) => ({ v: 1, source }) as never;
let made = 0;

function finished(source: string, from: 'VERIFYING' | 'COMPLETED_DELETE_FAILED' = 'VERIFYING'): JournalRecord {
  const file = fileOf('COMPLETED', { source, id: fileId(`file ${++made}`) });
  return { kind: 'transition', seq: 1, at: 0, event: { kind: 'settled' }, from, to: 'COMPLETED', file };
}

function setUp(words: readonly string[] = ['/bin/index']) {
  const hand = handStarted();
  const hook = new DoneHook({ ...hand, words });
  const batches = (): string[][] => hand.started.map(({ input }) => input.trim().split('\n'));
  return { ...hand, hook, batches };
}

test('DoneHook: files that finish together start one process, with a line of JSON each', () => {
  const { hook, advance, batches, started, recorded, end } = setUp();
  hook.committed([finished('a'), finished('b')], view);
  hook.committed([finished('c')], view);
  advance(limits.hookGatherMs);
  assert.equal(batches(), [['{"v":1,"source":"a"}', '{"v":1,"source":"b"}', '{"v":1,"source":"c"}']]);
  assert.is(started[0]?.env['SLUICE_COUNT'], '3');
  end(done);
  assert.equal(
    recorded.map(({ hook: name, routes }) => [name, routes.map(({ calls }) => calls)]),
    [['on_done', [3]]],
  );
});

test('DoneHook: one process at a time, and a batch has at most 1,000 files', () => {
  const { hook, advance, batches, end } = setUp();
  hook.committed([finished('a')], view);
  advance(limits.hookGatherMs);
  const many = Array.from({ length: limits.doneBatch + 500 }, (_, index) => finished(`b${index}`));
  hook.committed(many, view);
  advance(60_000);
  assert.is(batches().length, 1);
  end({ kind: 'ended', code: 3, diagnosis: '' });
  advance(limits.hookGatherMs);
  end(done);
  advance(limits.hookGatherMs);
  assert.equal(
    batches().map((lines) => lines.length),
    [1, limits.doneBatch, 500],
  );
});

test('DoneHook: files beyond the limit of the queue are counted and logged', () => {
  const { hook, advance, lines, end } = setUp();
  hook.committed([finished('a')], view);
  advance(limits.hookGatherMs);
  const waiting = Array.from({ length: limits.doneWaiting + 7 }, () => finished('b'));
  hook.committed(waiting, view);
  end(done);
  advance(limits.hookGatherMs);
  assert.match(lines[0] ?? '', /^warn on_done: 7 finished files were not reported, because .*; sluice history lists them$/);
});

test('DoneHook: a file whose removal at the source succeeds late is not finished again', () => {
  const { hook, advance, batches } = setUp();
  hook.committed([finished('a', 'COMPLETED_DELETE_FAILED')], view);
  advance(limits.hookGatherMs);
  assert.equal(batches(), []);
});

test('DoneHook: a line says what is true when its command starts: a source that was removed meanwhile', () => {
  const { hook, advance, batches } = setUp();
  const viewed = (file: TrackedFile) => ({ afterCopy: 'afterCopy' in file ? file.afterCopy : null }) as never;
  const first = finished('a');
  if (first.kind !== 'transition') throw new Error('not a transition');
  hook.committed([first], viewed);
  const file = { ...first.file, afterCopy: 'done' } as TrackedFile;
  hook.committed([{ kind: 'file_fact', seq: 2, at: 0, event: { kind: 'source_gone' }, file }], viewed);
  advance(limits.hookGatherMs);
  assert.equal(batches(), [['{"afterCopy":"done"}']]);
});

test('DoneHook.end: files that are not reported when the agent ends are counted', () => {
  const { hook, lines, killed } = setUp();
  hook.committed([finished('a')], view);
  hook.finish();
  hook.committed([finished('b')], view);
  hook.end();
  assert.is(killed(), 1);
  assert.equal(lines, []);
});

test('DoneHook: without a command no file is queued', () => {
  const { hook } = setUp([]);
  hook.committed([finished('a')], view);
  assert.ok(hook.isIdle());
});

test.run();
