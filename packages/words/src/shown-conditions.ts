import type { ScreenRoute } from '@sluice/control';
import { countText } from './figures/figures.ts';
import { causeMeanings } from './meanings/destinations.ts';
import { sourceMeanings } from './meanings/sources.ts';

/** A state of a route that a person should know: what it is, since when, and what to do. */
export interface ShownCondition {
  /** `trouble`: something needs a person. `warning`: it may soon. `notice`: an operator wants it so, or it passes by itself. */
  readonly level: 'trouble' | 'warning' | 'notice';
  readonly route: string;
  readonly what: string;
  /** When it began. Null: not known. */
  readonly since: string | null;
  /** What to do, in sentences. */
  readonly todo: string;
}

type Route = Pick<ScreenRoute, 'name' | 'source' | 'destination' | 'gate' | 'sourceState' | 'space' | 'hold' | 'needsYou' | 'counts'> &
  Partial<Pick<ScreenRoute, 'lost' | 'unread'>>;
type Said = Omit<ShownCondition, 'route'>;

/** Returns the conditions of a route, the worst first. */
export function conditionsOf(route: Route): readonly ShownCondition[] {
  const said = [...destination(route), ...source(route), ...files(route), ...room(route), ...held(route)];
  return said.map((condition) => ({ ...condition, route: route.name }));
}

function destination({ gate, destination: path }: Route): readonly Said[] {
  if (gate.state !== 'closed') return [];
  const { since, cause, operator } = gate;
  const todo = remedyOf(cause);
  if (cause === 'unknown') return [{ level: 'notice', what: `checking the destination ${path}: ${operator}`, since, todo }];
  const word = cause === 'not_the_destination' ? 'WRONG DISK' : 'OFFLINE';
  return [{ level: 'trouble', what: `${word}: ${operator}`, since, todo }];
}

/** On the screen a key shows the evidence. */
function remedyOf(cause: Route['gate']['cause']): string {
  if (cause === 'not_the_destination') return 'Mount the right disk or share. If this one is meant, press a, and read the evidence.';
  return cause === null ? '' : plain(causeMeanings[cause].remedy);
}

function source({ source: path, sourceState, unread = null }: Route): readonly Said[] {
  const { state, since } = sourceState;
  if (state === 'ok' || state === 'unknown') return [];
  const where = state === 'unreadable' && unread !== null ? `${unread.path} in ${path} (${unread.code ?? 'unknown'})` : path;
  const what = `SOURCE ${state.replace('_', ' ').toUpperCase()}: ${where}`;
  return [{ level: 'trouble', what, since, todo: plain(sourceMeanings[state].remedy) }];
}

function files({ needsYou, lost = 0 }: Route): readonly Said[] {
  const stuck: readonly Said[] =
    needsYou === 0
      ? []
      : [
          {
            level: 'trouble',
            what: needsYou === 1 ? '1 file needs you' : `${countText(needsYou)} files need you`,
            since: null,
            todo: 'Tab 4 lists them. Enter says why, and what to do.',
          },
        ];
  if (lost === 0) return stuck;
  const what = `${lost === 1 ? '1 file vanished' : `${countText(lost)} files vanished`} at the source before ${lost === 1 ? 'it was' : 'they were'} copied`;
  const todo = 'Find out who removed them: no copy exists. A acknowledges it, and then it no longer counts as trouble.';
  return [...stuck, { level: 'trouble', what, since: null, todo }];
}

function room({ space, counts }: Route): readonly Said[] {
  const waiting = counts.WAITING_FOR_SPACE ?? 0;
  const waits = waiting === 0 ? '' : `; ${countText(waiting)} ${waiting === 1 ? 'waits' : 'wait'} for room`;
  const todo = 'Make room at the destination. Waiting files are tried again by themselves.';
  if (space.level === 'full') return [{ level: 'trouble', what: `the destination is full${waits}`, since: null, todo }];
  if (waiting > 0) return [{ level: 'trouble', what: `no room at the destination${waits}`, since: null, todo }];
  return space.level === 'warn' ? [{ level: 'warning', what: 'the destination is nearly full', since: null, todo }] : [];
}

function held({ hold }: Route): readonly Said[] {
  if (hold === null) return [];
  const why = hold.reason === '' ? '' : `: ${hold.reason}`;
  return [{ level: 'notice', what: `HELD by ${hold.by}${why}`, since: hold.since, todo: 'No new copies start. h releases it.' }];
}

/** The meanings are written for a page in Markdown. */
function plain(text: string): string {
  return text.replaceAll('`', '');
}
