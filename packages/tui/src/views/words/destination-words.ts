import type { FileJson, ScreenRoute } from '@sluice/control';
import { unreachable } from '@sluice/core/model';
import type { Model } from '../../model/model.ts';
import { shownFrame } from '../../model/shown.ts';
import type { Tone } from '../../picture/picture.ts';
import type { AroundFile } from './file-words.ts';

/** The words about a destination: a mark and a word. */
interface RouteWords {
  readonly mark: 'x' | '!' | '=' | '-' | '~';
  readonly word: 'online' | 'CHECKING' | 'OFFLINE' | 'full' | 'WRONG DISK' | 'HELD' | 'NO SOURCE';
  readonly tone: Tone;
}

type ShownRoute = Pick<ScreenRoute, 'gate' | 'space' | 'hold' | 'sourceState'>;

/** Returns the words about the destination of a route. */
export function routeWords({ gate, space, hold, sourceState }: ShownRoute): RouteWords {
  if (gate.cause === 'not_the_destination') return { mark: 'x', word: 'WRONG DISK', tone: 'bad' };
  // The agent has just begun, or waits for the first answer.
  if (gate.cause === 'unknown') return { mark: '~', word: 'CHECKING', tone: 'plain' };
  if (gate.state === 'closed') return { mark: 'x', word: 'OFFLINE', tone: 'bad' };
  if (sourceless.has(sourceState.state)) return { mark: 'x', word: 'NO SOURCE', tone: 'bad' };
  if (space.level === 'full') return { mark: '!', word: 'full', tone: 'warn' };
  if (hold !== null) return { mark: '-', word: 'HELD', tone: 'warn' };
  return { mark: '=', word: 'online', tone: 'good' };
}

/** States of a source in which nothing can be said about its files, even if the destination is online. */
const sourceless: ReadonlySet<ScreenRoute['sourceState']['state']> = new Set(['missing', 'silent', 'suddenly_empty'] as const);

/** Returns in short why a destination is offline, or null if the word says it. */
export function causeText({ gate }: Pick<ScreenRoute, 'gate'>): string | null {
  switch (gate.cause) {
    case null:
      return null;
    case 'unknown':
      return gate.code === 'MARKER_UNCLEAR' ? 'unclear marker' : null;
    case 'timeout':
      return 'no answer';
    case 'unreachable':
      return gate.code === null || gate.code === '' ? 'unreachable' : `unreachable, ${gate.code}`;
    case 'not_the_destination':
      return 'not the known disk';
    case 'read_only':
      return 'read-only';
    case 'denied':
      return 'access denied';
    case 'hung':
      return 'hung';
    default:
      return unreachable(gate.cause);
  }
}

/** Returns what is known of the route of a file. Empty if the picture does not have the route. */
export function aroundFile(model: Model, { route }: Pick<FileJson, 'route'>): AroundFile {
  const found = shownFrame(model)?.routes.find(({ name }) => name === route);
  return { cause: found?.gate.cause ?? null, hold: found?.hold ?? null };
}
