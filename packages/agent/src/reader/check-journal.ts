import { damaged, type JournalUnusable } from '@sluice/persistence';
import type { Answer } from './messages.ts';
import type { QuestionsDependencies, ReaderProcess } from './questions.ts';

/** What the check of the journal works with. */
export interface JournalCheckDependencies {
  readonly start: QuestionsDependencies['start'];
  /** The journal is damaged. */
  readonly onDamage: (why: JournalUnusable) => void;
  readonly log: (level: 'info' | 'warn', text: string) => void;
}

/**
 * Checks the whole journal in another process, which may take minutes. Until then, a damaged row is refused by its checksum when
 * it is read.
 *
 * @returns a function that ends the check
 */
export function startJournalCheck({ start, onDamage, log }: JournalCheckDependencies): () => void {
  const onAnswer = (answer: Answer): void => {
    end();
    if ('damaged' in answer) onDamage(damaged(answer.damaged));
    else if ('failed' in answer) log('warn', `the journal could not be checked: ${answer.failed}`);
    else log('info', 'the journal was checked: it is undamaged');
  };
  let process: ReaderProcess | null = start({
    // The check has no deadline, so nothing waits for its process to start.
    onReady: () => undefined,
    onAnswer,
    onEnd: (why) => {
      process = null;
      log('warn', `the journal was not checked, because the process that does it ended: ${why}`);
    },
  });
  const end = (): void => {
    process?.abandon();
    process = null;
  };
  process.send({ id: 1, question: { kind: 'check' } });
  return end;
}
