import {
  type Action,
  type CoreState,
  type FileAction,
  type Operator,
  type RouteAction,
  type RouteName,
  refusal,
  type TrackedFile,
} from '@sluice/core';
import type { JournalReader } from '@sluice/persistence';
import type { Who } from '../control/protocol.ts';
import type { FileOutcome, RouteOutcome } from '../control/replies.ts';
import type { Offer } from '../ports.ts';
import { viewNewest } from './views.ts';

/** What actions are done with. */
export interface Acting {
  readonly state: CoreState;
  readonly reader: Pick<JournalReader, 'find'>;
  readonly offer: Offer;
}

const mostMeant = 10_000;

/** `alice`, `alice from 192.0.2.7`. */
export function operatorOf({ user, origin, reason }: Who): Operator {
  return { by: origin === null ? user : `${user} from ${origin}`, reason };
}

/** One outcome for every lineage that a name, an id or a glob stands for; none where it stands for nothing. */
export function actOnFiles(acting: Acting, doing: FileAction['do'], asked: readonly string[], who: Operator): FileOutcome[] {
  return asked.flatMap((name): FileOutcome[] => {
    const meant = newestOfEach(acting, acting.reader.find(name, mostMeant));
    if (meant.length === 0) return [{ asked: name, file: null, refused: 'no tracked file is called so' }];
    return meant.map((file) => {
      const refused = offered(acting, { do: doing, route: file.route, source: file.source }, who);
      return { asked: name, file: viewNewest(acting.state, file), refused };
    });
  });
}

/** Attempts of one lineage stand for its newest, whichever was named. */
function newestOfEach({ state }: Acting, found: readonly TrackedFile[]): TrackedFile[] {
  const meant = new Map<string, TrackedFile>();
  for (const file of found) {
    const newest = state.routes.get(file.route)?.newest.get(file.source);
    const live = newest === undefined ? undefined : state.files.get(newest);
    const key = JSON.stringify([file.route, file.source]);
    if (!meant.has(key)) meant.set(key, live ?? file);
  }
  return [...meant.values()];
}

/** @param names null: all routes */
export function actOnRoutes(
  acting: Acting,
  asked: { readonly do: 'hold' | 'release' | 'rescan' | 'adopt'; readonly names: readonly string[] | null; readonly until: number | null },
  who: Operator,
): RouteOutcome[] {
  const names = asked.names ?? [...acting.state.routes.keys()];
  return names.map((name) => {
    const route = name as RouteName;
    const action: RouteAction = asked.do === 'hold' ? { do: 'hold', route, until: asked.until } : { do: asked.do, route };
    return { route: name, refused: offered(acting, action, who) };
  });
}

function offered({ state, offer }: Acting, action: Action, who: Operator): string | null {
  const refused = refusal(state, action);
  if (refused === null) offer({ kind: 'operator_asked', action, who });
  return refused;
}
