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
  readonly isOwner: boolean;
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
   * @param isOwner the agent's own user or root asks: before all others, who do not take their places either
   * @returns ids, in the order of the question
   * @throws ControlError where it takes too long, or too many wait
   */
  async ask(question: Question, deadlineAt: number, isOwner: boolean): Promise<readonly string[]> {
    return (await this.#request(question, deadlineAt, isOwner)).ids;
  }

  /** The same for a filter. @throws ControlError as `ask` */
  filter(question: FilterQuestion, deadlineAt: number, isOwner: boolean): Promise<Found> {
    return this.#request(question, deadlineAt, isOwner);
  }

  #request(question: Asked['question'], deadlineAt: number, isOwner: boolean): Promise<Found> {
    if (this.#hasEnded) return Promise.reject(new ControlError('not_possible', 'the agent is stopping'));
    const before = this.#waiting.filter((waiting) => waiting.isOwner === isOwner).length;
    if (before >= limits.questionsWaiting) {
      const why = `${limits.questionsWaiting} searches are waiting already: try again in a moment, or give the id or the whole path of a file`;
      return Promise.reject(new ControlError('not_possible', why));
    }
    return new Promise((resolve, reject) => {
      this.#lastId += 1;
      const waiting = { asked: { id: this.#lastId, question }, deadlineAt, isOwner, resolve, reject };
      if (isOwner) this.#waiting.splice(before, 0, waiting);
      else this.#waiting.push(waiting);
      if (isOwner) this.#hurry();
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

  /** The agent's own user waits only so long for a question of somebody else. */
  #hurry(): void {
    if (this.#current === null || this.#current.isOwner) return;
    const latest = this.#dependencies.clock.monotonic() + limits.questionYieldMs;
    if (this.#current.deadlineAt > latest) this.#deadline.set(latest);
  }

  #onAnswer(answer: Answer): void {
    if (this.#current?.asked.id !== answer.id) return;
    this.#settle(({ resolve, reject }) => {
      if ('ids' in answer) resolve({ ids: answer.ids, sums: answer.sums });
      else
        reject(new ControlError('internal', `the journal could not be searched: ${'failed' in answer ? answer.failed : answer.damaged}`));
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
    const isLate = late.deadlineAt <= this.#dependencies.clock.monotonic();
    this.#settle(({ reject }) => reject(isLate ? tooLong(late) : gaveWay(late)));
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

function gaveWay({ asked }: Waiting): ControlError {
  const named = nameOf(asked.question);
  return new ControlError(
    'not_possible',
    `the search for ${named} was ended, because the agent's own user is searching too: try again in a moment`,
  );
}

function tooLong({ asked }: Waiting): ControlError {
  const named = nameOf(asked.question);
  return new ControlError(
    'not_possible',
    `the search for ${named} took longer than ${limits.questionMs / 1000} s and was ended: give a shorter pattern, the id or the whole path`,
  );
}

function nameOf(question: Asked['question']): string {
  if (question.kind === 'check') return 'damage';
  if (question.kind === 'find_named') return `${question.names.length} names`;
  return JSON.stringify(shortened(question.kind === 'filter' ? question.query.filter : question.text));
}

function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79).toWellFormed()}…`;
}
