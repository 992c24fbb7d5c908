import { routeName } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AttentionHook } from '../../src/hooks/on-attention.ts';
import { limits } from '../../src/limits.ts';
import { done, handStarted } from './support/hand-started.ts';

const ingest = routeName('ingest');
const cards = routeName('cards');
const files = { route: ingest, kind: 'files_need_you' } as const;
const full = { route: cards, kind: 'source_nearly_full' } as const;
const nearlyFull = { kind: 'source_nearly_full', forMs: 0, freeBytes: 1e9, warnBelow: { bytes: 1e10 } } as const;
const stuck = (source: string) => ({ kind: 'name_invalid', source }) as const;

function setUp(words: readonly string[] = ['/bin/page']) {
  const hand = handStarted();
  const hook = new AttentionHook({ ...hand, words, routes: [ingest, cards] });
  const summaries = (): (string | undefined)[] => hand.started.map(({ env }) => env['SLUICE_SUMMARY']);
  const input = (index: number) => JSON.parse(hand.started[index]?.input ?? '');
  return { ...hand, hook, summaries, input };
}

test('AttentionHook: 1,000 simultaneous conditions start one process, which gets their number and the first names', () => {
  const { hook, advance, summaries, input, end } = setUp();
  for (let index = 0; index < 1_000; index += 1) hook.begin(files, stuck(`file ${index}`));
  advance(limits.hookGatherMs);
  assert.equal(summaries(), ['ingest: file 999 needs you: its name is not valid UTF-8; rename it at the source; and 999 more']);
  const { begun, over, more, conditions } = input(0);
  assert.equal([begun, over, more, conditions.length], [1_000, 0, 999, 1]);
  assert.equal([conditions[0].count, conditions[0].files.length], [1_000, limits.hookFiles]);
  end(done);
});

test('AttentionHook: at most one process starts per minute, and messages in between become one call', () => {
  const { hook, advance, summaries, end } = setUp();
  hook.begin(files, stuck('a'));
  advance(limits.hookGatherMs);
  end(done);
  for (let index = 0; index < 30; index += 1) {
    hook.begin(files, stuck(`b${index}`));
    advance(1_000);
  }
  assert.is(summaries().length, 1);
  advance(limits.hookEveryMs);
  assert.match(summaries()[1] ?? '', /^ingest: b29 needs you.*; and 29 more$/);
});

test('AttentionHook: the next one waits for the one that runs, however long', () => {
  const { hook, advance, summaries, end } = setUp();
  hook.begin(files, stuck('a'));
  advance(limits.hookGatherMs);
  hook.begin(full, nearlyFull);
  advance(10 * limits.hookEveryMs);
  assert.is(summaries().length, 1);
  end({ kind: 'overdue', afterMs: 60_000, diagnosis: '' });
  assert.match(summaries()[1] ?? '', /^cards: the source is nearly full/);
});

test('AttentionHook: a call with several kinds has their counts and names each', () => {
  const { hook, advance, summaries, input } = setUp();
  hook.begin(files, stuck('a'));
  hook.begin(full, nearlyFull);
  hook.over({ route: ingest, kind: 'destination_offline' }, 720_000);
  advance(limits.hookGatherMs);
  assert.match(summaries()[0] ?? '', /^2 begun, 1 over: ingest: a needs you.* \| cards: the source is.* \| ingest: over after 12 min: /);
  assert.equal([input(0).route, input(0).begun, input(0).over], [null, 2, 1]);
  assert.match(input(0).conditions[1].remedy, /make room at the source/);
});

test('AttentionHook: the end of a condition is reported, once', () => {
  const { hook, advance, summaries, end } = setUp();
  hook.begin(full, nearlyFull);
  advance(limits.hookGatherMs);
  end(done);
  hook.over(full, 60_000);
  advance(limits.hookEveryMs);
  end(done);
  advance(10 * limits.hookEveryMs);
  assert.equal(summaries().slice(1), ['cards: over after 1 min: the source has enough free room again']);
});

test('AttentionHook: a condition that begins and ends before it was reported causes no call', () => {
  const { hook, advance, summaries } = setUp();
  hook.begin(full, nearlyFull);
  hook.over(full, 10);
  advance(10 * limits.hookEveryMs);
  assert.equal(summaries(), []);
});

test('AttentionHook: a reported condition that ends and begins again is reported as begun', () => {
  const { hook, advance, summaries, end } = setUp();
  hook.begin(full, nearlyFull);
  advance(limits.hookGatherMs);
  end(done);
  hook.over(full, 10);
  hook.begin(full, nearlyFull);
  advance(limits.hookEveryMs);
  assert.is(summaries().length, 2);
  assert.match(summaries()[1] ?? '', /^cards: the source is nearly full.* GB; [a-z].*$/);
});

test('AttentionHook: the end of a process is recorded with its routes, without control characters', () => {
  const { hook, advance, recorded, end } = setUp();
  hook.begin(files, stuck('a'));
  hook.begin(files, stuck('b'));
  hook.begin({ route: null, kind: 'state_disk_nearly_full' }, { kind: 'state_disk_nearly_full', forMs: 0, stateDir: '/s', freeBytes: 1 });
  advance(limits.hookGatherMs);
  advance(250);
  end({ kind: 'ended', code: 127, diagnosis: 'sh: no\u001b[2J\nsuch\n' });
  const run = { hook: 'on_attention', program: '/bin/page', tookMs: 250 };
  assert.equal(recorded, [
    { ...run, end: { kind: 'ended', code: 127, diagnosis: 'sh: no?[2J\nsuch' }, routes: [{ route: ingest, calls: 3 }] },
  ]);
});

test('AttentionHook: no process starts while a killed one has not ended', () => {
  const { hook, advance, summaries, lines, end, goes } = setUp();
  hook.begin(files, stuck('a'));
  advance(limits.hookGatherMs);
  end({ kind: 'overdue', afterMs: 60_000, diagnosis: '' }, true);
  hook.begin(files, stuck('b'));
  advance(10 * limits.hookEveryMs);
  assert.is(summaries().length, 1);
  assert.is(lines.length, 1);
  goes();
  advance(limits.hookGatherMs);
  assert.is(summaries().length, 2);
});

test('AttentionHook.finish: a waiting call runs at once, and no further call is accepted', () => {
  const { hook, advance, summaries, end } = setUp();
  hook.begin(files, stuck('a'));
  advance(limits.hookGatherMs);
  end(done);
  hook.begin(files, stuck('b'));
  hook.finish();
  assert.is(summaries().length, 2);
  hook.begin(files, stuck('too late'));
  end(done);
  assert.ok(hook.isIdle());
  assert.is(summaries().length, 2);
});

test('AttentionHook: without a command no process starts', () => {
  const { hook, advance, summaries } = setUp([]);
  hook.begin(files, stuck('a'));
  advance(limits.hookEveryMs);
  assert.equal(summaries(), []);
});

test.run();
