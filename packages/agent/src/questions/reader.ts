import process from 'node:process';
import { runChild } from '@sluice/child';
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
export function answerQuestion(reader: Pick<JournalReader, 'find' | 'findEnded'>, question: Question): readonly string[] {
  const found = question.kind === 'find' ? reader.find(question.text, question.limit) : reader.findEnded(question.text, question.page);
  return found.map(({ id }) => id);
}

function loadAddon(path: string | null): object | undefined {
  if (path === null) return undefined;
  const module = { exports: {} };
  process.dlopen(module, path);
  return module.exports;
}
