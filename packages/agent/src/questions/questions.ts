import { ControlError } from '@sluice/control';
import { limits } from '../limits.ts';
import type { Clock, Timer } from '../ports.ts';
import type { Answer, Asked, FilterQuestion, Found, Question } from './messages.ts';

/** The process that answers. */
export interface ReaderProcess {
  send(asked: Asked): boolean;
  /** Ends it, in the middle of a question too. */
  abandon(): void;
}

export interface QuestionsDependencies {
  /** @param onEnd it ended without having been abandoned */
  readonly start: (onAnswer: (answer: Answer) => void, onEnd: (why: string) => void) => ReaderProcess;
  readonly clock: Clock;
  readonly makeTimer: (fire: () => void) => Timer;
}

interface Waiting {
  readonly asked: Asked;
  readonly deadlineAt: number;
  readonly resolve: (found: Found) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Asks the reader process, one question at a time. A question that is not answered by its deadline fails, and the process
 * that works on it is ended: SQLite cannot be interrupted otherwise.
 */
export class Questions {
  readonly #dependencies: QuestionsDependencies;
  readonly #deadline: Timer;
  readonly #idle: Timer;
  readonly #waiting: Waiting[] = [];
  #reader: ReaderProcess | null = null;
  #current: Waiting | null = null;
  #lastId = 0;
  #hasEnded = false;

  constructor(dependencies: QuestionsDependencies) {
    this.#dependencies = dependencies;
    this.#deadline = dependencies.makeTimer(() => this.#expire());
    this.#idle = dependencies.makeTimer(() => this.#endReader());
  }

  /**
   * @param deadlineAt monotonic milliseconds
   * @returns ids, in the order of the question
   * @throws ControlError where it takes too long, or too many wait
   */
  async ask(question: Question, deadlineAt: number): Promise<readonly string[]> {
    return (await this.#request(question, deadlineAt)).ids;
  }

  /** The same for a filter. @throws ControlError as `ask` */
  filter(question: FilterQuestion, deadlineAt: number): Promise<Found> {
    return this.#request(question, deadlineAt);
  }

  #request(question: Asked['question'], deadlineAt: number): Promise<Found> {
    if (this.#hasEnded) return Promise.reject(new ControlError('not_possible', 'the agent is stopping'));
    if (this.#waiting.length >= limits.questionsWaiting) {
      const why = `${limits.questionsWaiting} searches of names wait already: ask again in a moment, or give the id or the whole path of a file`;
      return Promise.reject(new ControlError('not_possible', why));
    }
    return new Promise((resolve, reject) => {
      this.#lastId += 1;
      this.#waiting.push({ asked: { id: this.#lastId, question }, deadlineAt, resolve, reject });
      this.#next();
    });
  }

  /** Ends the process; what waits fails. */
  end(): void {
    this.#hasEnded = true;
    this.#deadline.clear();
    const stopping = new ControlError('not_possible', 'the agent is stopping');
    for (const { reject } of this.#waiting.splice(0)) reject(stopping);
    this.#current?.reject(stopping);
    this.#current = null;
    this.#endReader();
  }

  #next(): void {
    if (this.#current !== null) return;
    const next = this.#waiting.shift();
    if (next === undefined) {
      if (this.#reader !== null) this.#idle.set(this.#dependencies.clock.monotonic() + limits.readerIdleMs);
      return;
    }
    this.#idle.clear();
    this.#current = next;
    if (next.deadlineAt <= this.#dependencies.clock.monotonic()) {
      this.#settle(({ reject }) => reject(tooLong(next)));
      return;
    }
    this.#deadline.set(next.deadlineAt);
    this.#reader ??= this.#dependencies.start(
      (answer) => this.#onAnswer(answer),
      (why) => this.#onEnd(why),
    );
    this.#reader.send(next.asked);
  }

  #onAnswer(answer: Answer): void {
    if (this.#current?.asked.id !== answer.id) return;
    this.#settle(({ resolve, reject }) => {
      if ('ids' in answer) resolve({ ids: answer.ids, sums: answer.sums });
      else reject(new ControlError('internal', `the journal could not be searched: ${answer.failed}`));
    });
  }

  #onEnd(why: string): void {
    this.#reader = null;
    this.#idle.clear();
    if (this.#current === null) return;
    this.#settle(({ reject }) => reject(new ControlError('internal', `the process that searches the journal ended: ${why}`)));
  }

  #expire(): void {
    const late = this.#current;
    if (late === null) return;
    this.#endReader();
    this.#settle(({ reject }) => reject(tooLong(late)));
  }

  #settle(how: (waiting: Waiting) => void): void {
    const current = this.#current;
    this.#current = null;
    this.#deadline.clear();
    if (current !== null) how(current);
    this.#next();
  }

  #endReader(): void {
    this.#idle.clear();
    this.#reader?.abandon();
    this.#reader = null;
  }
}

function tooLong({ asked }: Waiting): ControlError {
  const { question } = asked;
  const named = JSON.stringify(shortened(question.kind === 'filter' ? question.query.filter : question.text));
  return new ControlError(
    'not_possible',
    `the search for ${named} took longer than ${limits.questionMs / 1000} s and was ended: give a shorter pattern, the id or the whole path`,
  );
}

function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79).toWellFormed()}…`;
}
