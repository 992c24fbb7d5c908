import { ControlError } from '@sluice/control';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { limits } from '../../src/limits.ts';
import type { Answer, Asked } from '../../src/reader/messages.ts';
import { Questions } from '../../src/reader/questions.ts';

/** A reader process for which the test answers, and a clock that the test sets. */
function setUp() {
  const asked: Asked[] = [];
  const timers: { at: number; fire: () => void }[] = [];
  const processes: { isAbandoned: boolean; ready: () => void; answer: (answer: Answer) => void; end: (why: string) => void }[] = [];
  let readyAtOnce = true;
  let now = 0;
  const questions = new Questions({
    start: ({ onReady, onAnswer, onEnd }) => {
      const made = { isAbandoned: false, ready: onReady, answer: onAnswer, end: onEnd };
      processes.push(made);
      if (readyAtOnce) onReady();
      return { send: (question) => asked.push(question) > 0, abandon: () => void (made.isAbandoned = true) };
    },
    clock: { monotonic: () => now, wall: () => now },
    makeTimer: (fire) => {
      const timer = { at: Number.POSITIVE_INFINITY, fire };
      timers.push(timer);
      return { set: (at) => void (timer.at = at), clear: () => void (timer.at = Number.POSITIVE_INFINITY) };
    },
  });
  const advance = (ms: number): void => {
    now += ms;
    for (const timer of timers.filter(({ at }) => at <= now)) {
      timer.at = Number.POSITIVE_INFINITY;
      timer.fire();
    }
  };
  const ask = (text: string, deadlineMs: number = limits.questionMs, isOwner = false) => {
    const answer = questions.ask({ kind: 'find', text, limit: 9 }, questions.time() + deadlineMs, isOwner);
    answer.catch(() => undefined);
    return answer;
  };
  const startSlowly = (): void => void (readyAtOnce = false);
  return { questions, asked, processes, advance, ask, startSlowly };
}

async function refusal(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
  } catch (error) {
    assert.instance(error, ControlError);
    return (error as ControlError).message;
  }
  throw new Error('it was answered');
}

test('Questions.ask: sends queries one at a time, in order, to one process', async () => {
  const { asked, processes, ask } = setUp();
  const answers = [ask('a*'), ask('b*')];
  assert.equal(
    asked.map(({ question }) => question.kind === 'find' && question.text),
    ['a*'],
  );
  processes[0]?.answer({ id: asked[0]?.id ?? 0, ids: ['1'], sums: [] });
  processes[0]?.answer({ id: asked[1]?.id ?? 0, failed: 'damaged' });
  assert.equal(await answers[0], ['1']);
  assert.is(await refusal(answers[1] as Promise<unknown>), 'the journal could not be searched: damaged');
  assert.is(processes.length, 1);
});

test('Questions.ask: after the deadline the process is ended, and the next query gets a new one', async () => {
  const { asked, processes, advance, ask } = setUp();
  const slow = ask('*a*'.repeat(50));
  const next = ask('b*', 60_000);
  advance(limits.questionMs - 1);
  assert.is(processes[0]?.isAbandoned, false);
  advance(1);
  assert.match(await refusal(slow), /^the search for ".{80,90}" took longer than 8 s and was ended/);
  assert.is(processes[0]?.isAbandoned, true);
  processes[0]?.answer({ id: asked[0]?.id ?? 0, ids: ['late'], sums: [] });
  processes[1]?.answer({ id: asked[1]?.id ?? 0, ids: ['2'], sums: [] });
  assert.equal(await next, ['2']);
});

test('Questions.ask: a query that waited beyond its deadline is not sent', async () => {
  const { asked, advance, ask } = setUp();
  const answers = [ask('a*'), ask('b*'), ask('c*')];
  advance(limits.questionMs);
  for (const answer of answers) assert.match(await refusal(answer), /took longer/);
  assert.is(asked.length, 1);
});

test('Questions.ask: queries beyond the waiting limit are refused', async () => {
  const { ask } = setUp();
  for (let count = 0; count <= limits.questionsWaiting; count += 1) void ask('a*');
  assert.match(await refusal(ask('b*')), /^16 searches are waiting already/);
});

test('Questions.ask: the end of a process fails only its own query', async () => {
  const { asked, processes, ask } = setUp();
  const answers = [ask('a*'), ask('b*')];
  processes[0]?.end('exit 1');
  assert.is(await refusal(answers[0] as Promise<unknown>), 'the process that searches the journal ended: exit 1');
  processes[1]?.answer({ id: asked[1]?.id ?? 0, ids: [], sums: [] });
  assert.equal(await answers[1], []);
});

test('Questions: a process without queries ends after a while', () => {
  const { asked, processes, advance, ask } = setUp();
  void ask('a*');
  processes[0]?.answer({ id: asked[0]?.id ?? 0, ids: [], sums: [] });
  advance(limits.readerIdleMs - 1);
  assert.is(processes[0]?.isAbandoned, false);
  advance(1);
  assert.is(processes[0]?.isAbandoned, true);
});

test('Questions.end: waiting queries fail, and no more are sent', async () => {
  const { questions, processes, ask } = setUp();
  const answers = [ask('a*'), ask('b*')];
  questions.end();
  for (const answer of [...answers, ask('c*')]) assert.is(await refusal(answer), 'the agent is stopping');
  assert.is(processes[0]?.isAbandoned, true);
});

test("Questions.ask: the agent's own user comes first, and has separate places", async () => {
  const { asked, processes, ask } = setUp();
  const [running, ...waiting] = Array.from({ length: limits.questionsWaiting + 1 }, (_, index) => ask(`${index}*`));
  assert.match(await refusal(ask('more*')), /searches are waiting already/);
  const own = ask('own*', limits.questionMs, true);
  processes[0]?.answer({ id: asked[0]?.id ?? 0, ids: ['1'], sums: [] });
  await running;
  assert.equal(
    asked.map(({ question }) => 'text' in question && question.text),
    ['0*', 'own*'],
  );
  processes[0]?.answer({ id: asked[1]?.id ?? 0, ids: ['2'], sums: [] });
  assert.equal(await own, ['2']);
  assert.is(waiting.length, limits.questionsWaiting);
});

test("Questions.ask: a long search of another user ends when the agent's own user asks", async () => {
  const { asked, processes, ask, advance } = setUp();
  const slow = ask('slow*');
  const own = ask('own*', limits.questionMs, true);
  advance(limits.questionYieldMs);
  assert.match(await refusal(slow), /own user is searching too: try again/);
  assert.is(processes[0]?.isAbandoned, true);
  processes[1]?.answer({ id: asked[1]?.id ?? 0, ids: ['2'], sums: [] });
  assert.equal(await own, ['2']);
});

test('Questions.filter: ids and sums; one that takes too long names the filter', async () => {
  const { questions, asked, processes, advance } = setUp();
  const query = { filter: 'A001', since: 0, limit: 9, before: null, bounds: [0] };
  const found = questions.filter({ kind: 'filter', query }, 1_000, false);
  processes[0]?.answer({ id: asked[0]?.id ?? 0, ids: ['1'] as never, sums: [{ files: 1, bytes: 2 }] });
  assert.equal(await found, { ids: ['1'], sums: [{ files: 1, bytes: 2 }] });
  const late = questions.filter({ kind: 'filter', query }, 1_000, false);
  advance(1_000);
  assert.match(await refusal(late), /"A001" took longer/);
});

test('Questions.ask: the start of the process does not count for the deadlines of the query and of those that wait', async () => {
  const { asked, processes, advance, ask, startSlowly } = setUp();
  startSlowly();
  const answers = [ask('a*'), ask('b*')];
  advance(limits.readerStartMs - 1);
  assert.is(processes[0]?.isAbandoned, false);
  processes[0]?.ready();
  advance(limits.questionMs - 1);
  processes[0]?.answer({ id: asked[0]?.id ?? 0, ids: ['1'], sums: [] });
  assert.equal(await answers[0], ['1']);
  assert.is(asked.length, 2);
  advance(1);
  assert.match(await refusal(answers[1] as Promise<unknown>), /took longer than 8 s/);
});

test('Questions.ask: a process that does not start is ended and reported; the next query starts another', async () => {
  const { asked, processes, advance, ask, startSlowly } = setUp();
  startSlowly();
  const first = ask('a*');
  advance(limits.readerStartMs);
  assert.match(await refusal(first), /did not start within 30 s/);
  assert.is(processes[0]?.isAbandoned, true);
  const second = ask('b*');
  processes[1]?.ready();
  processes[1]?.answer({ id: asked[0]?.id ?? 0, ids: ['2'], sums: [] });
  assert.equal(await second, ['2']);
});

test('Questions.time: it stands still while a process starts, and continues if the process ended instead', () => {
  const { questions, processes, advance, ask, startSlowly } = setUp();
  advance(100);
  startSlowly();
  void ask('a*');
  advance(1_000);
  assert.is(questions.time(), 100);
  processes[0]?.end('exit 1');
  advance(10);
  assert.is(questions.time(), 110);
});

test.run();
