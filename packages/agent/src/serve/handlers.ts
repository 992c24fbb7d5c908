import { ControlError, type ControlHandlers, type HelloJson } from '@sluice/control';
import type { CoreState } from '@sluice/core';
import type { TrackedFile } from '@sluice/core/model';
import type { JournalReader } from '@sluice/persistence';
import type { Offer } from '../ports.ts';
import { type Acting, actOnFiles, actOnRoutes, operatorOf } from './actions.ts';
import { evidenceOf } from './evidence.ts';
import { newestNotes } from './log-notes.ts';
import { type AgentSelf, outageJson, statusOf, timelineJson, viewNewest } from './views.ts';

/** What the requests of clients are answered from. */
export interface Serving {
  readonly state: CoreState;
  readonly reader: Omit<JournalReader, 'close'>;
  readonly self: AgentSelf;
  readonly wall: () => number;
  /** The journal does not take what happened. */
  readonly isStalled: () => boolean;
  readonly offer: Offer;
  stop(mode: 'graceful' | 'drain' | 'now', by: string): void;
}

/** What ended since a moment, what ended last first; `file`: an id, a prefix of one, a name or a glob. Milliseconds since the epoch. */
export function endedFiles(
  reader: Pick<JournalReader, 'past' | 'find'>,
  query: { readonly file: string | null; readonly since: number; readonly limit: number; readonly offset: number },
): TrackedFile[] {
  const { file, since, limit, offset } = query;
  if (file === null) return reader.past({ since, limit, offset });
  const named = reader.find(file, maxNamed).filter(({ endedAt }) => endedAt !== null && endedAt >= since);
  return named.slice(offset, offset + limit);
}

const dayMs = 86_400_000;
const maxFound = 200;
/** Attempts that one name or glob may stand for. */
const maxNamed = 100_000;

/** Anyone who asks while an answer is under way gets that one: a process each would be as many as there are clients. */
export function shared<Answer>(ask: (about: string) => Promise<Answer>): (about: string) => Promise<Answer> {
  const underWay = new Map<string, Promise<Answer>>();
  return (about) => {
    const before = underWay.get(about);
    if (before !== undefined) return before;
    const answer = ask(about).finally(() => underWay.delete(about));
    underWay.set(about, answer);
    return answer;
  };
}

export function createHandlers({ state, reader, self, wall, isStalled, offer, stop }: Serving): ControlHandlers {
  const acting: Acting = { state, reader, offer };
  const gatherEvidence = shared((route: string) => evidenceOf(state, reader, route));
  const hello: HelloJson = { v: 1, protocol: 1, ...self };
  const view = (file: Parameters<typeof viewNewest>[1]): ReturnType<typeof viewNewest> => viewNewest(state, file);
  return {
    ping: () => hello,
    status: () => statusOf(state, reader, self, wall(), isStalled()),
    files: ({ statuses, route, all, limit, offset }) => {
      const query = {
        ...(statuses === null ? {} : { statuses }),
        ...(route === null ? {} : { route }),
        endedSince: all ? null : wall() - dayMs,
        limit,
        offset,
      };
      const files = reader.files(query).map(view);
      return { v: 1, files, total: offset + files.length };
    },
    show: ({ file }) => {
      const found = reader.find(file, maxFound);
      if (found.length === 0) throw new ControlError('not_found', `no tracked file is called ${JSON.stringify(file)}`);
      return { v: 1, files: found.map((each) => ({ file: view(each), timeline: timelineJson(reader.timeline(each.id)) })) };
    },
    history: ({ file, since, outages, limit, offset }) => {
      const from = since === null ? 0 : Date.parse(since);
      if (outages) return { v: 1, files: [], outages: reader.outages(from).map(outageJson), total: 0 };
      const ended = endedFiles(reader, { file, since: from, limit, offset }).map(view);
      return { v: 1, files: ended, outages: [], total: offset + ended.length };
    },
    act: async ({ do: doing, files, who }) => ({ v: 1, results: await actOnFiles(acting, doing, files, operatorOf(who)) }),
    steer: ({ do: doing, routes, until, who }) => {
      const asked = { do: doing, names: routes, until: until === null ? null : Date.parse(until) };
      return { v: 1, results: actOnRoutes(acting, asked, operatorOf(who)) };
    },
    evidence: async ({ route }) => {
      const found = await gatherEvidence(route);
      if (found === null) throw new ControlError('not_found', `there is no route ${JSON.stringify(route)}`);
      return found;
    },
    log: ({ limit }) => ({ v: 1, notes: newestNotes(reader, limit) }),
    stop: ({ mode, who }) => {
      const { by, reason } = operatorOf(who);
      stop(mode, reason === null || reason === '' ? by : `${by}: ${reason}`);
      return { v: 1, accepted: true };
    },
  };
}
