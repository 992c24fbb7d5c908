import process from 'node:process';
import { runChild } from '@sluice/child';
import { unreachable } from '@sluice/core/model';
import { type JournalReader, openReader } from '@sluice/persistence';
import type { Answer, Asked, Found, ReaderInit, Ready } from './messages.ts';

/** A process that reads the journal for the agent, so that a slow question holds up nobody else. It cannot write. */
export function runReader(): void {
  runChild<ReaderInit, Asked, Answer | Ready>(({ path, addonPath }, channel) => {
    const reader = openReader({ path, nativeBinding: loadAddon(addonPath), isChecked: true });
    channel.onMessage(({ id, question }) => {
      let answer: Answer;
      try {
        answer = { id, ...answerQuestion(reader, question) };
      } catch (error) {
        answer = { id, failed: error instanceof Error ? error.message : String(error) };
      }
      // The channel closes with the agent, and this process ends then.
      channel.send(answer).catch(() => undefined);
    });
    channel.send({ is: 'ready' }).catch(() => undefined);
  });
}

/** @throws JournalUnusable */
export function answerQuestion(
  reader: Pick<JournalReader, 'find' | 'findNamed' | 'findEnded' | 'filtered'>,
  question: Asked['question'],
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

function loadAddon(path: string | null): object | undefined {
  if (path === null) return undefined;
  const module = { exports: {} };
  process.dlopen(module, path);
  return module.exports;
}
