import { join } from 'node:path';
import { startChild } from '@sluice/child';
import { type Answer, type Asked, isOfReader, type ReaderInit, type Ready } from './messages.ts';
import type { QuestionsDependencies } from './questions.ts';

/** Where the reader process finds the journal and the addon. */
interface ReaderPlace {
  readonly config: { readonly stateDir: string };
  readonly sqliteAddonPath?: () => string | null;
}

/** @returns a function that starts the process that reads the journal of an agent */
export function readerStarter({ config, sqliteAddonPath }: ReaderPlace): QuestionsDependencies['start'] {
  return ({ onReady, onAnswer, onEnd }) =>
    startChild<ReaderInit, Asked, Answer | Ready>({
      kind: 'reader',
      init: { path: join(config.stateDir, 'journal.db'), addonPath: sqliteAddonPath?.() ?? null },
      accepts: isOfReader,
      onMessage: (message) => {
        if ('is' in message) onReady();
        else onAnswer(message);
      },
      onEnd: ({ code, signal, diagnosis }) => onEnd(`${signal ?? `exit ${code}`} ${diagnosis.trim()}`.trim()),
    });
}
