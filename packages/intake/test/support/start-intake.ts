import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '@sluice/child';
import type { Event } from '@sluice/core';
import { checkId, listingId } from '@sluice/core/fixtures';
import type { RouteSettings, SourceEntry } from '@sluice/core/model';
import { setMainModule } from '@sluice/platform';
import { compileCache } from '@sluice/testkit/compile-cache';
import { serveIntake } from '../../src/intake.ts';
import type { IntakeCommand, IntakeInit, IntakeMessage, ScanCommand } from '../../src/messages.ts';

const main = fileURLToPath(new URL('./intake-main.ts', import.meta.url));

type Of<Kind extends Event['kind']> = Extract<Event, { kind: Kind }>;

/** The answer to one scan or check, with everything that was reported before it. */
export interface Reported<Answer> {
  readonly answer: Answer;
  readonly entries: readonly SourceEntry[];
  readonly paths: readonly string[];
  readonly states: readonly Of<'source_state'>[];
}

/** A running intake. */
export interface Intake {
  readonly messages: readonly IntakeMessage[];
  list(
    emptyIsMeant?: boolean,
    isQuick?: boolean,
    more?: Pick<ScanCommand, 'takenAway' | 'again'>,
  ): Promise<Reported<Of<'listing_completed'> | Of<'listing_failed'>>>;
  check(...paths: string[]): Promise<Reported<Of<'paths_checked'>>>;
  /** Waits until such a message was reported, counted from the start. */
  reported<Kind extends IntakeMessage['kind']>(kind: Kind, matches?: (message: Of<Kind>) => boolean): Promise<Of<Kind>>;
  end(): Promise<void>;
}

/** An intake in a separate process. */
export interface IntakeProcess extends Intake {
  readonly child: Child<IntakeCommand>;
}

const withinMs = 15_000;

/** Starts an intake process, as the agent does. */
export function startIntake(route: RouteSettings, env: Readonly<Record<string, string>> = {}): IntakeProcess {
  setMainModule(main);
  const over = Promise.withResolvers<void>();
  const heard = new Heard();
  const child = startChild<IntakeInit, IntakeCommand, IntakeMessage>({
    kind: 'intake',
    accepts: () => true,
    init: { route },
    env: { ...compileCache, ...env },
    onMessage: (message) => heard.add(message),
    onEnd: (end) => heard.end(`it ended: ${end.signal ?? end.code} ${end.diagnosis}`),
    onGone: () => over.resolve(),
  });
  const end = (): Promise<void> => {
    child.kill();
    return over.promise;
  };
  return { ...intakeOf(route, heard, (command) => child.send(command), end), child };
}

/** Serves an intake in this process. A message is passed as the text that it would be between two. */
export function openIntake(route: RouteSettings): Intake {
  const heard = new Heard();
  const ending = new AbortController();
  let perform: (command: IntakeCommand) => void = () => undefined;
  const text = <Message>(message: Message): Message => JSON.parse(JSON.stringify(message)) as Message;
  serveIntake(text({ route }), {
    send: async (message) => heard.add(text(message)),
    onMessage: (handler) => {
      perform = handler;
    },
    isOpen: () => !ending.signal.aborted,
    closed: ending.signal,
    setActivity: () => undefined,
  });
  const end = async (): Promise<void> => ending.abort();
  return intakeOf(route, heard, (command) => perform(text(command)), end);
}

/** What an intake has reported so far. */
class Heard {
  readonly messages: IntakeMessage[] = [];
  readonly #waiting = new Set<() => void>();
  #diagnosis = '';

  add(message: IntakeMessage): void {
    this.messages.push(message);
    for (const again of this.#waiting) again();
  }

  end(diagnosis: string): void {
    this.#diagnosis = diagnosis;
    for (const again of this.#waiting) again();
  }

  /** @throws Error if the intake ended, or nothing is found in time */
  until<Found>(find: () => Found | undefined): Promise<Found> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#waiting.delete(again);
        clearTimeout(timer);
      };
      const again = (): void => {
        const found = find();
        if (found === undefined && this.#diagnosis === '') return;
        stop();
        if (found === undefined) reject(new Error(this.#diagnosis));
        else resolve(found);
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`not reported within ${withinMs} ms; reported: ${JSON.stringify(this.messages.slice(-8))}`));
      }, withinMs);
      this.#waiting.add(again);
      again();
    });
  }
}

function intakeOf(route: RouteSettings, heard: Heard, send: (command: IntakeCommand) => void, end: () => Promise<void>): Intake {
  const { messages } = heard;
  let commands = 0;
  const until = heard.until.bind(heard);

  const ask = async <Answer extends IntakeMessage>(command: IntakeCommand, isAnswer: (message: IntakeMessage) => boolean) => {
    const from = messages.length;
    send(command);
    const answer = (await until(() => messages.slice(from).find(isAnswer))) as Answer;
    const before = messages.slice(from, messages.indexOf(answer));
    const entries = before.flatMap((message) => (message.kind === 'entries_seen' ? message.entries : []));
    const states = before.filter((message): message is Of<'source_state'> => message.kind === 'source_state');
    return { answer, entries, paths: entries.map(({ path }) => path).sort(), states };
  };

  return {
    messages,
    list(emptyIsMeant = false, isQuick = false, more = {}) {
      const id = listingId(`listing-${(commands += 1)}`);
      return ask(
        { kind: 'list_source', route: route.name, listingId: id, emptyIsMeant, isQuick, ...more },
        (message) => 'listingId' in message && message.listingId === id,
      );
    },
    check(...paths) {
      const id = checkId(`check-${(commands += 1)}`);
      return ask(
        { kind: 'check_paths', route: route.name, checkId: id, paths },
        (message) => message.kind === 'paths_checked' && message.checkId === id,
      );
    },
    reported: (kind, matches = () => true) =>
      until(
        () =>
          messages.find(
            (message): message is Of<typeof kind> & IntakeMessage => message.kind === kind && matches(message as never),
          ) as never,
      ),
    end,
  };
}
