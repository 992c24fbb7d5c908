import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '@sluice/child';
import type { Event } from '@sluice/core';
import { checkId, listingId } from '@sluice/core/fixtures';
import type { RouteSettings, SourceEntry } from '@sluice/core/model';
import { setMainModule } from '@sluice/platform';
import { compileCache } from '@sluice/testkit/compile-cache';
import type { IntakeCommand, IntakeInit, IntakeMessage } from '../../src/messages.ts';

const main = fileURLToPath(new URL('./intake-main.ts', import.meta.url));

type Of<Kind extends Event['kind']> = Extract<Event, { kind: Kind }>;

/** The answer to one scan or check, with all that was reported before its answer. */
export interface Reported<Answer> {
  readonly answer: Answer;
  readonly entries: readonly SourceEntry[];
  readonly paths: readonly string[];
  readonly states: readonly Of<'source_state'>[];
}

/** A real intake process. */
export interface Intake {
  readonly child: Child<IntakeCommand>;
  readonly messages: readonly IntakeMessage[];
  list(emptyIsMeant?: boolean): Promise<Reported<Of<'listing_completed'> | Of<'listing_failed'>>>;
  check(...paths: string[]): Promise<Reported<Of<'paths_checked'>>>;
  /** Waits until such a message was reported, counted from the start. */
  reported<Kind extends IntakeMessage['kind']>(kind: Kind, matches?: (message: Of<Kind>) => boolean): Promise<Of<Kind>>;
  end(): Promise<void>;
}

const withinMs = 15_000;

export function startIntake(route: RouteSettings, env: Readonly<Record<string, string>> = {}): Intake {
  setMainModule(main);
  const messages: IntakeMessage[] = [];
  const waiting = new Set<() => void>();
  const over = Promise.withResolvers<void>();
  let commands = 0;
  let diagnosis = '';
  const wake = (): void => {
    for (const again of waiting) again();
  };
  const child = startChild<IntakeInit, IntakeCommand, IntakeMessage>({
    kind: 'intake',
    accepts: () => true,
    init: { route },
    env: { ...compileCache, ...env },
    onMessage(message) {
      messages.push(message);
      wake();
    },
    onEnd(end) {
      diagnosis = `it ended: ${end.signal ?? end.code} ${end.diagnosis}`;
      wake();
    },
    onGone: () => over.resolve(),
  });

  const until = <Found>(find: () => Found | undefined): Promise<Found> =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        waiting.delete(again);
        clearTimeout(timer);
      };
      const again = (): void => {
        const found = find();
        if (found === undefined && diagnosis === '') return;
        stop();
        if (found === undefined) reject(new Error(diagnosis));
        else resolve(found);
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`not reported within ${withinMs} ms; reported: ${JSON.stringify(messages.slice(-8))}`));
      }, withinMs);
      waiting.add(again);
      again();
    });

  const ask = async <Answer extends IntakeMessage>(command: IntakeCommand, isAnswer: (message: IntakeMessage) => boolean) => {
    const from = messages.length;
    child.send(command);
    const answer = (await until(() => messages.slice(from).find(isAnswer))) as Answer;
    const before = messages.slice(from, messages.indexOf(answer));
    const entries = before.flatMap((message) => (message.kind === 'entries_seen' ? message.entries : []));
    const states = before.filter((message): message is Of<'source_state'> => message.kind === 'source_state');
    return { answer, entries, paths: entries.map(({ path }) => path).sort(), states };
  };

  return {
    child,
    messages,
    list(emptyIsMeant = false) {
      const id = listingId(`listing-${(commands += 1)}`);
      return ask(
        { kind: 'list_source', route: route.name, listingId: id, emptyIsMeant },
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
    async end() {
      child.kill();
      await over.promise;
    },
  };
}
