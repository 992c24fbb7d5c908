import { constants, setPriority } from 'node:os';
import { runChild } from '@sluice/child';
import { unreachable } from '@sluice/core/model';
import { checkJournal, type JournalReader, JournalUnusable, loadAddonAt, type OpenOptions, openReader } from '@sluice/persistence';
import type { Answer, Asked, FilterQuestion, Found, Question, ReaderInit, Ready } from './messages.ts';

/** Runs the process that reads the journal for the agent, so that a slow query does not delay anything else. It cannot write. */
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
      // If the channel is closed, the agent has ended, and so will this process.
      channel.send(answer).catch(() => undefined);
    });
    channel.send({ is: 'ready' }).catch(() => undefined);
  });
}

/** Checks the whole journal at low priority: it takes long, and no request waits for it. */
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

/** Answers a query from the journal. @throws JournalUnusable */
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
