import { ControlError } from '@sluice/control';
import { limits } from '../limits.ts';
import type { Clock, Timer } from '../ports.ts';
import type { Answer, Asked, FilterQuestion, Found, Question } from './messages.ts';

/** The process that answers queries. */
export interface ReaderProcess {
  send(asked: Asked): boolean;
  /** Ends it, even during a query. */
  abandon(): void;
}

/** What the reader process reports. */
export interface ReaderListener {
  /** The process has opened the journal. Earlier messages wait until then. */
  readonly onReady: () => void;
  readonly onAnswer: (answer: Answer) => void;
  /** The process ended without being abandoned. */
  readonly onEnd: (why: string) => void;
}

export interface QuestionsDependencies {
  readonly start: (listener: ReaderListener) => ReaderProcess;
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
 * Sends queries to the reader process, one at a time. A query that is not answered by its deadline fails, and its process is
 * ended, because SQLite cannot be interrupted in another way. Deadlines are moments of `time`, which stands still while a process
 * starts: on a busy machine a start alone may take longer than a search. The start has its own limit.
 */
export class Questions {
  readonly #dependencies: QuestionsDependencies;
  readonly #deadline: Timer;
  readonly #idle: Timer;
  readonly #waiting: Waiting[] = [];
  #reader: ReaderProcess | null = null;
  /** When the process that is not ready yet was started; monotonic. Null: it is ready, or there is none. */
  #startedAt: number | null = null;
  /** Milliseconds that starts have taken. */
  #startsMs = 0;
  /** A moment of `time` before which the current query has to be answered because others wait. Infinite: none wait. */
  #yieldAt = Number.POSITIVE_INFINITY;
  #current: Waiting | null = null;
  #lastId = 0;
  #hasEnded = false;

  constructor(dependencies: QuestionsDependencies) {
    this.#dependencies = dependencies;
    this.#deadline = dependencies.makeTimer(() => this.#expire());
    this.#idle = dependencies.makeTimer(() => this.#endReader());
  }

  /** Returns monotonic milliseconds, without the time in which a process was starting. */
  time(): number {
    return (this.#startedAt ?? this.#dependencies.clock.monotonic()) - this.#startsMs;
  }

  /**
   * Asks a query.
   *
   * @param deadlineAt a moment of `time`
   * @param isOwner whether the agent's own user or root asks: such a query comes before all others, which cannot take its place
   * @returns ids, in the order of the query
   * @throws ControlError if it takes too long, or too many queries wait
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

  /** Ends the process. Waiting queries fail. */
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
    this.#yieldAt = Number.POSITIVE_INFINITY;
    if (next.deadlineAt <= this.time()) {
      this.#settle(({ reject }) => reject(tooLong(next)));
      return;
    }
    this.#reader ??= this.#startReader();
    this.#setDeadline();
    if (this.#startedAt === null) this.#reader.send(next.asked);
  }

  #startReader(): ReaderProcess {
    this.#startedAt = this.#dependencies.clock.monotonic();
    return this.#dependencies.start({
      onReady: () => this.#onReady(),
      onAnswer: (answer) => this.#onAnswer(answer),
      onEnd: (why) => this.#onEnd(why),
    });
  }

  #onReady(): void {
    this.#startIsOver();
    if (this.#current === null) return;
    this.#setDeadline();
    this.#reader?.send(this.#current.asked);
  }

  #startIsOver(): void {
    if (this.#startedAt !== null) this.#startsMs += this.#dependencies.clock.monotonic() - this.#startedAt;
    this.#startedAt = null;
  }

  /** Sets the deadline of the query, or of the start of the process that is to answer it. */
  #setDeadline(): void {
    if (this.#current === null) return;
    const { deadlineAt } = this.#current;
    if (this.#startedAt !== null) this.#deadline.set(this.#startedAt + limits.readerStartMs);
    else this.#deadline.set(this.#dependencies.clock.monotonic() + Math.min(deadlineAt, this.#yieldAt) - this.time());
  }

  /** Limits how long the agent's own user waits for another user's query. */
  #hurry(): void {
    if (this.#current === null || this.#current.isOwner) return;
    this.#yieldAt = Math.min(this.#yieldAt, this.time() + limits.questionYieldMs);
    this.#setDeadline();
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
    this.#startIsOver();
    this.#reader = null;
    this.#idle.clear();
    if (this.#current === null) return;
    this.#settle(({ reject }) => reject(new ControlError('internal', `the process that searches the journal ended: ${why}`)));
  }

  #expire(): void {
    const late = this.#current;
    if (late === null) return;
    const error = this.#startedAt === null ? this.#lateness(late) : notStarted();
    this.#endReader();
    this.#settle(({ reject }) => reject(error));
  }

  #lateness(late: Waiting): ControlError {
    return late.deadlineAt <= this.#yieldAt ? tooLong(late) : gaveWay(late);
  }

  #settle(how: (waiting: Waiting) => void): void {
    const current = this.#current;
    this.#current = null;
    this.#deadline.clear();
    if (current !== null) how(current);
    this.#next();
  }

  #endReader(): void {
    this.#startIsOver();
    this.#idle.clear();
    this.#reader?.abandon();
    this.#reader = null;
  }
}

function notStarted(): ControlError {
  return new ControlError(
    'not_possible',
    `the process that searches the journal did not start within ${limits.readerStartMs / 1000} s: try again when this machine is less busy, or give the id or the whole path of a file`,
  );
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
