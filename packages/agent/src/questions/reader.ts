import process from 'node:process';
import { runChild } from '@sluice/child';
import { unreachable } from '@sluice/core/model';
import { type JournalReader, openReader } from '@sluice/persistence';
import type { Answer, Asked, Question, ReaderInit } from './messages.ts';

/** A process that reads the journal for the agent, so that a slow question holds up nobody else. It cannot write. */
export function runReader(): void {
  runChild<ReaderInit, Asked, Answer>(({ path, addonPath }, channel) => {
    const reader = openReader({ path, nativeBinding: loadAddon(addonPath), isChecked: true });
    channel.onMessage(({ id, question }) => {
      let answer: Answer;
      try {
        answer = { id, ids: answerQuestion(reader, question) };
      } catch (error) {
        answer = { id, failed: error instanceof Error ? error.message : String(error) };
      }
      // The channel closes with the agent, and this process ends then.
      channel.send(answer).catch(() => undefined);
    });
  });
}

/** @throws JournalUnusable */
export function answerQuestion(reader: Pick<JournalReader, 'find' | 'findNamed' | 'findEnded'>, question: Question): readonly string[] {
  switch (question.kind) {
    case 'find':
      return reader.find(question.text, question.limit).map(({ id }) => id);
    case 'find_named':
      return reader.findNamed(question.names, question.limit);
    case 'find_ended':
      return reader.findEnded(question.text, question.page).map(({ id }) => id);
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
