import { routeName } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AttentionHook } from '../../src/hooks/attention.ts';
import type { HookCommand } from '../../src/hooks/command.ts';
import type { HookEnd } from '../../src/hooks/run.ts';
import { limits } from '../../src/limits.ts';

const route = routeName('ingest');
const done: HookEnd = { kind: 'ended', code: 0, diagnosis: '' };

/** A hook whose processes are ended by hand, on a clock that is moved by hand. */
function setUp(words: readonly string[] = ['/bin/page']) {
  const started: HookCommand[] = [];
  const lines: string[] = [];
  const timers: { at: number; fire: () => void }[] = [];
  let now = 0;
  let endNow: ((end: HookEnd) => void) | null = null;
  let killed = 0;
  const hook = new AttentionHook({
    words,
    start: (command, onEnd) => {
      assert.is(endNow, null, 'two hooks at once');
      started.push(command);
      endNow = (end) => {
        endNow = null;
        onEnd(end);
      };
      return { end: () => void (killed += 1) };
    },
    clock: { monotonic: () => now, wall: () => now },
    makeTimer: (fire) => {
      const timer = { at: Number.POSITIVE_INFINITY, fire };
      timers.push(timer);
      return { set: (at) => void (timer.at = at), clear: () => void (timer.at = Number.POSITIVE_INFINITY) };
    },
    log: (level, text) => void lines.push(`${level} ${text}`),
  });
  const advance = (ms: number): void => {
    now += ms;
    for (const timer of timers.filter(({ at }) => at <= now)) {
      timer.at = Number.POSITIVE_INFINITY;
      timer.fire();
    }
  };
  const summaries = (): (string | undefined)[] => started.map(({ env }) => env['SLUICE_SUMMARY']);
  return { hook, lines, advance, summaries, end: (end: HookEnd) => endNow?.(end), isRunning: () => endNow !== null, killed: () => killed };
}

test('AttentionHook: 601 calls are two processes, one after the other', () => {
  const { hook, advance, summaries, end } = setUp();
  for (let index = 0; index <= 600; index += 1) hook.call(route, `file ${index}`);
  assert.equal(summaries(), ['ingest: file 0']);
  end(done);
  advance(limits.hookEveryMs - 1);
  assert.is(summaries().length, 1);
  advance(1);
  assert.equal(summaries(), ['ingest: file 0', 'ingest: file 600; and 599 more']);
});

test('AttentionHook: the next one waits for the one that runs, however long', () => {
  const { hook, advance, summaries, end } = setUp();
  hook.call(route, 'one');
  hook.call(route, 'two');
  advance(limits.hookDeadlineMs);
  assert.is(summaries().length, 1);
  end({ kind: 'overdue' });
  assert.equal(summaries(), ['ingest: one', 'ingest: two']);
});

test('AttentionHook: how it ended is logged, without control characters', () => {
  const { hook, lines, advance, end } = setUp();
  const ends: HookEnd[] = [
    done,
    { kind: 'ended', code: 127, diagnosis: 'sh: no\u001b[2J\nsuch\n' },
    { kind: 'killed', signal: 'SIGBUS', diagnosis: '' },
    { kind: 'overdue' },
    { kind: 'not_started', why: 'ENOENT' },
  ];
  for (const how of ends) {
    hook.call(route, 'x');
    end(how);
    advance(limits.hookEveryMs);
  }
  assert.equal(lines, [
    'debug on_attention: /bin/page ended with exit code 0',
    'warn on_attention: /bin/page ended with exit code 127: sh: no?[2J | such',
    'warn on_attention: /bin/page was ended by SIGBUS',
    'warn on_attention: /bin/page ran too long, so Sluice ended it and everything it had started: the limit is 60 s, and 5 s when the agent stops',
    'warn on_attention: /bin/page cannot be run: ENOENT; check on_attention in sluice.toml',
  ]);
});

test('AttentionHook.end: what waits is run at once, and what still runs after a moment is ended', async () => {
  const { hook, advance, summaries, end, killed } = setUp();
  hook.call(route, 'one');
  end(done);
  hook.call(route, 'two');
  const ended = hook.end();
  assert.is(summaries().length, 2);
  hook.call(route, 'too late');
  advance(limits.hookEndMs);
  await ended;
  assert.is(killed(), 1);
  assert.is(summaries().length, 2);
});

test('AttentionHook: without a command nothing runs', async () => {
  const { hook, summaries } = setUp([]);
  hook.call(route, 'one');
  await hook.end();
  assert.equal(summaries(), []);
});

test.run();
