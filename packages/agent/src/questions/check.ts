import { damaged, type JournalUnusable } from '@sluice/persistence';
import type { Answer } from './messages.ts';
import type { QuestionsDependencies, ReaderProcess } from './questions.ts';

export interface JournalCheckDependencies {
  readonly start: QuestionsDependencies['start'];
  /** The journal is not what was written. */
  readonly onDamage: (why: JournalUnusable) => void;
  readonly log: (level: 'info' | 'warn', text: string) => void;
}

/**
 * Has another process read the whole journal, which may take minutes. Until it has, a row that is damaged is refused by its checksum
 * when it is read.
 *
 * @returns ends it
 */
export function startJournalCheck({ start, onDamage, log }: JournalCheckDependencies): () => void {
  const onAnswer = (answer: Answer): void => {
    end();
    if ('damaged' in answer) onDamage(damaged(answer.damaged));
    else if ('failed' in answer) log('warn', `the journal could not be checked: ${answer.failed}`);
    else log('info', 'the journal was checked: it is undamaged');
  };
  let process: ReaderProcess | null = start(onAnswer, (why) => {
    process = null;
    log('warn', `the journal was not checked, because the process that does it ended: ${why}`);
  });
  const end = (): void => {
    process?.abandon();
    process = null;
  };
  process.send({ id: 1, question: { kind: 'check' } });
  return end;
}
