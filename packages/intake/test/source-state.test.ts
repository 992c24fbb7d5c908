import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createReportedState, type SourceFacts } from '../src/source-state.ts';

const facts: SourceFacts = { state: 'ok', code: null, unreadPath: null, freeBytes: 1_000, cacheMs: 0, description: '(a folder)' };

function fixture() {
  const clock = { at: 0 };
  const reported = createReportedState(() => clock.at);
  return { clock, isNews: (more: Partial<SourceFacts> = {}) => reported.isNews({ ...facts, ...more }), reported };
}

test('ReportedState: the first state is reported, the same again is not, however late', () => {
  const { clock, isNews } = fixture();
  assert.equal([isNews(), isNews()], [true, false]);
  clock.at = 1_000_000;
  assert.is(isNews(), false);
});

for (const more of [
  { state: 'silent' },
  { code: 'ENOSPC' },
  { unreadPath: 'day1' },
  { cacheMs: 30_000 },
  { description: '(sshfs host:/x)' },
] as const satisfies readonly Partial<SourceFacts>[]) {
  test(`ReportedState: another ${Object.keys(more).join()} is reported at once, and once`, () => {
    const { isNews, reported } = fixture();
    isNews();
    assert.equal([isNews(more), isNews(more), isNews()], [true, false, true]);
    assert.equal(reported.last(), facts);
  });
}

test('ReportedState: changes of free bytes are reported every 5 s at most', () => {
  const { clock, isNews } = fixture();
  isNews();
  const news: number[] = [];
  for (clock.at = 100; clock.at <= 12_000; clock.at += 100) if (isNews({ freeBytes: clock.at })) news.push(clock.at);
  assert.equal(news, [5_000, 10_000]);
});

test('ReportedState: a state that was not reported does not delay the next one', () => {
  const { clock, isNews } = fixture();
  isNews();
  clock.at = 4_900;
  assert.is(isNews({ freeBytes: 900 }), false);
  clock.at = 5_000;
  assert.is(isNews({ freeBytes: 800 }), true);
});

test.run();
