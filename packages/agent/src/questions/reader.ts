import { constants, setPriority } from 'node:os';
import { runChild } from '@sluice/child';
import { unreachable } from '@sluice/core/model';
import { checkJournal, type JournalReader, JournalUnusable, loadAddonAt, type OpenOptions, openReader } from '@sluice/persistence';
import type { Answer, Asked, FilterQuestion, Found, Question, ReaderInit, Ready } from './messages.ts';

/** A process that reads the journal for the agent, so that a slow question holds up nobody else. It cannot write. */
export function runReader(): void {
  runChild<ReaderInit, Asked, Answer | Ready>(({ path, addonPath }, channel) => {
    const options = { path, nativeBinding: loadAddonAt(addonPath) };
    const reader = openReader({ ...options, isChecked: true });
    channel.onMessage(({ id, question }) => {
      let answer: Answer;
      try {
        answer = { id, ...(question.kind === 'check' ? check(options) : answerQuestion(reader, question)) };
      } catch (error) {
        answer = { id, failed: error instanceof Error ? error.message : String(error) };
      }
      // The channel closes with the agent, and this process ends then.
      channel.send(answer).catch(() => undefined);
    });
    channel.send({ is: 'ready' }).catch(() => undefined);
  });
}

/** Everything else comes before it: it takes long, and nobody waits for it. */
function check(options: OpenOptions): Found | { readonly damaged: string } {
  setPriority(constants.priority.PRIORITY_LOW);
  try {
    checkJournal(options);
    return { ids: [], sums: [] };
  } catch (error) {
    if (error instanceof JournalUnusable && error.reason === 'damaged') return { damaged: error.technical };
    throw error;
  }
}

/** @throws JournalUnusable */
export function answerQuestion(
  reader: Pick<JournalReader, 'find' | 'findNamed' | 'findEnded' | 'filtered'>,
  question: Question | FilterQuestion,
): Found {
  switch (question.kind) {
    case 'filter':
      return reader.filtered(question.query);
    case 'find':
      return { ids: reader.find(question.text, question.limit).map(({ id }) => id), sums: [] };
    case 'find_named':
      return { ids: reader.findNamed(question.names, question.limit), sums: [] };
    case 'find_ended':
      return { ids: reader.findEnded(question.text, question.page).map(({ id }) => id), sums: [] };
    default:
      return unreachable(question);
  }
}
