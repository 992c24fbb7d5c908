import type { JournalUnusable } from '@sluice/persistence';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startJournalCheck } from '../../src/reader/check-journal.ts';
import type { Answer, Asked } from '../../src/reader/messages.ts';

/** A check for whose process the test answers. */
function setUp() {
  const said: string[] = [];
  const asked: Asked[] = [];
  let damage: JournalUnusable | null = null;
  let answer: (answer: Answer) => void = () => undefined;
  let end: (why: string) => void = () => undefined;
  let abandoned = 0;
  const callOff = startJournalCheck({
    start: ({ onAnswer, onEnd }) => {
      [answer, end] = [onAnswer, onEnd];
      return { send: (question) => asked.push(question) > 0, abandon: () => void (abandoned += 1) };
    },
    onDamage: (why) => void (damage = why),
    log: (level, text) => void said.push(`${level} ${text}`),
  });
  return { said, asked, answer, end, callOff, damage: () => damage, abandoned: () => abandoned };
}

test('startJournalCheck asks a separate process, and ends it when it has answered', () => {
  const { asked, answer, said, damage, abandoned, callOff } = setUp();
  assert.equal(asked, [{ id: 1, question: { kind: 'check' } }]);
  answer({ id: 1, ids: [], sums: [] });
  assert.equal(said, ['info the journal was checked: it is undamaged']);
  callOff();
  assert.equal([damage(), abandoned()], [null, 1]);
});

test('startJournalCheck reports damage like a refused journal at the start', () => {
  const { answer, damage, said } = setUp();
  answer({ id: 1, damaged: 'entry 7 does not match its checksum' });
  const { reason, technical } = damage() as unknown as JournalUnusable;
  assert.equal([reason, technical, said], ['damaged', 'entry 7 does not match its checksum', []]);
});

test('startJournalCheck warns if the check failed', () => {
  const failed = setUp();
  failed.answer({ id: 1, failed: 'EIO' });
  assert.equal([failed.said, failed.damage()], [['warn the journal could not be checked: EIO'], null]);
  const ended = setUp();
  ended.end('SIGKILL');
  ended.callOff();
  assert.equal(ended.said, ['warn the journal was not checked, because the process that does it ended: SIGKILL']);
  assert.is(ended.abandoned(), 0);
});

test.run();
