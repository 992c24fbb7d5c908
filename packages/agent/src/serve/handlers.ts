import { type ExplainedSetting, isCommandKey } from '@sluice/config';
import {
  type Asker,
  ControlError,
  type ControlHandlers,
  type FileJson,
  type HelloJson,
  type ReloadReply,
  type RouteOutcome,
  type TimelineJson,
} from '@sluice/control';
import type { CoreState, Operator } from '@sluice/core';
import type { TrackedFile } from '@sluice/core/model';
import type { EndedKey, JournalReader, PastQuery, Pruned } from '@sluice/persistence';
import { unknownFileText } from '@sluice/words';
import { limits } from '../limits.ts';
import type { Offer } from '../ports.ts';
import { type Finding, filterEnded, findEnded, findFiles, questionDeadline } from '../reader/find.ts';
import { actOnFiles, actOnRoutes, copyAgain, operatorOf } from './actions.ts';
import { SourceClearer } from './clear.ts';
import { evidenceOf } from './evidence.ts';
import { askRoute, leftoversOf } from './leftovers.ts';
import { pageOfNotes } from './log-notes.ts';
import { pruneBefore } from './prune.ts';
import { filesInPieces, pastInPieces } from './read-in-pieces.ts';
import { type AgentSelf, type OwnTroubles, outageJson, statusOf, timelineJson, viewNewest } from './status.ts';

/** The data from which requests of clients are answered. */
export interface Serving extends Omit<Finding, 'asker'> {
  readonly state: CoreState;
  readonly reader: Omit<JournalReader, 'close'>;
  readonly self: AgentSelf;
  readonly wall: () => number;
  /** Returns whether the journal refuses records. */
  readonly isStalled: () => boolean;
  /** Returns the conditions of the agent itself that need a person. */
  readonly conditions: () => OwnTroubles['conditions'];
  /** Returns the last reload, if it was refused. */
  readonly refusedReload: () => OwnTroubles['refusedReload'];
  readonly offer: Offer;
  /** Returns the metrics as Prometheus text. */
  readonly metrics: () => string;
  /** Returns the settings in force. */
  readonly settings: () => readonly ExplainedSetting[];
  /** Path of better-sqlite3's native part, in the packed executable. Null elsewhere. */
  readonly addonPath: () => string | null;
  /** Removes a part of the records that ended before this moment, wall clock. */
  readonly prune: (before: number) => Pruned;
  stop(mode: 'graceful' | 'drain' | 'now', who: Operator): void;
  reload(who: Operator): Promise<ReloadReply>;
}

/**
 * Returns the files that ended since a moment, newest first, without an agent. `file` is an id, a prefix of an id, a name or a
 * glob.
 */
export function endedFiles(reader: Pick<JournalReader, 'past' | 'findEnded'>, file: string | null, page: PastQuery): TrackedFile[] {
  return file === null ? reader.past(page) : reader.findEnded(file, page);
}

/** @returns where the next page begins; null: this was the last page */
export function nextEnded(files: readonly TrackedFile[], limit: number): EndedKey | null {
  const last = files.at(-1);
  return last === undefined || last.endedAt === null || files.length < limit ? null : { endedAt: last.endedAt, id: last.id };
}

const dayMs = 86_400_000;

/** Shares one running answer among all clients that ask for it. Otherwise there would be a process for each client. */
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

/** Members of `socket_group` may control the agent, and not read the passwords that its commands may have as arguments. */
function withoutCommand(setting: ExplainedSetting): ExplainedSetting {
  const isSecret = isCommandKey(setting.key) && setting.value !== '[]';
  return isSecret ? { ...setting, value: '(shown only to the user of the agent)' } : setting;
}

/** Creates the handlers of requests on the control socket. */
export function createHandlers(serving: Serving): ControlHandlers {
  const { state, reader, self, wall, isStalled, conditions, refusedReload } = serving;
  const hello: HelloJson = { v: 1, protocol: 1, ...self };
  const view = (file: Parameters<typeof viewNewest>[1]): ReturnType<typeof viewNewest> => viewNewest(state, file);
  return {
    ping: () => hello,
    status: () =>
      statusOf(state, reader, self, wall(), { isStalled: isStalled(), conditions: conditions(), refusedReload: refusedReload() }),
    metrics: () => ({ v: 1, text: serving.metrics() }),
    files: async ({ statuses, route, all, limit, before }, { pause }) => {
      const query = {
        ...(statuses === null ? {} : { statuses }),
        ...(route === null ? {} : { route }),
        endedSince: all ? null : wall() - dayMs,
        limit,
        before,
      };
      const { files, next } = await filesInPieces(reader, query, pause);
      return { v: 1, files: files.map(view), next };
    },
    show: async ({ file }, asker) => {
      const found = await findFiles({ ...serving, asker }, file, limits.foundFiles, questionDeadline(serving));
      if (found.length === 0) throw new ControlError('not_found', unknownFileText(file));
      const files: { readonly file: FileJson; readonly timeline: readonly TimelineJson[] }[] = [];
      for (const [index, each] of found.entries()) {
        if (index > 0 && index % limits.timelinesAtOnce === 0) await asker.pause();
        files.push({ file: view(each), timeline: timelineJson(reader.timeline(each.id)) });
      }
      return { v: 1, files };
    },
    history: async ({ file, since, outages, limit, before }, asker) => {
      const from = since === null ? 0 : Date.parse(since);
      if (outages) return { v: 1, files: [], outages: reader.outages(from).map(outageJson), next: null };
      const page = { since: from, limit, before };
      const ended =
        file === null
          ? await pastInPieces(reader, page, asker.pause)
          : await findEnded({ ...serving, asker }, file, page, questionDeadline(serving));
      return { v: 1, files: ended.map(view), outages: [], next: nextEnded(ended, limit) };
    },
    past: async ({ filter, since, limit, before, bounds }, asker) => {
      const query = { filter, since: since === null ? 0 : Date.parse(since), limit, before, bounds: bounds.map((at) => Date.parse(at)) };
      const { files, sums } = await filterEnded({ ...serving, asker }, query, questionDeadline(serving));
      return { v: 1, files: files.map(view), sums, next: nextEnded(files, limit) };
    },
    ...actionHandlers(serving),
    log: (query, { pause }) => pageOfNotes(reader, query, pause),
    settings: (_, { isOwner }) => ({ v: 1, settings: isOwner ? serving.settings() : serving.settings().map(withoutCommand) }),
  };
}

/** Returns the handlers of the actions of operators, and of the queries that prepare them. */
function actionHandlers(
  serving: Serving,
): Pick<ControlHandlers, 'act' | 'steer' | 'leftovers' | 'clear' | 'evidence' | 'prune' | 'reload' | 'stop'> {
  const { state, reader, wall, stop } = serving;
  const gatherEvidence = shared((route: string) => evidenceOf(state, reader, route));
  const clearer = new SourceClearer(serving);
  const lookAtLeftovers = shared((route: string) => askRoute(state, route));
  return {
    act: async ({ do: doing, files, who }, asker) => ({
      v: 1,
      results: await actOnFiles({ ...serving, asker }, doing, files, operatorOf(who)),
    }),
    steer: ({ do: doing, routes, until, again, who }, asker) => {
      if (doing === 'remove_leftovers') assertOwner(asker, 'leftovers are removed');
      const asked = { do: doing, names: routes, until: until === null ? null : Date.parse(until) };
      const act = (): RouteOutcome[] => actOnRoutes(serving, asked, operatorOf(who));
      if (doing !== 'adopt' || again !== true) return { v: 1, results: act() };
      const gathering = Promise.all([...new Set(routes ?? state.routes.keys())].map(gatherEvidence));
      return gathering.then((gathered) => ({ v: 1, results: copyAgain(serving, act(), gathered, operatorOf(who)) }));
    },
    leftovers: async ({ route, looks }) => {
      const { leftovers, total } = await leftoversOf(state, route, wall(), looks ? lookAtLeftovers : null);
      return { v: 1, leftovers, total };
    },
    clear: ({ who, ...order }, asker) => {
      // A dry run reads all of the source and all copies, as often as a client asks.
      assertOwner(asker, 'a source is cleared');
      return clearer.clear({ ...order, who: operatorOf(who) }, asker);
    },
    evidence: async ({ route }) => {
      const found = await gatherEvidence(route);
      if (found === null) throw new ControlError('not_found', `there is no route ${JSON.stringify(route)}`);
      return found.evidence;
    },
    reload: ({ who }) => serving.reload(operatorOf(who)),
    prune: ({ before, who }, asker) => {
      assertOwner(asker, 'the journal is pruned');
      return pruneBefore(serving, Date.parse(before), operatorOf(who), asker);
    },
    stop: ({ mode, who }) => {
      stop(mode, operatorOf(who));
      return { v: 1, accepted: true };
    },
  };
}

/**
 * Members of `socket_group` may control the agent, and are not trusted with files or with the history.
 *
 * @throws ControlError if the client is one of them
 */
function assertOwner({ isOwner }: Asker, what: string): void {
  if (!isOwner) throw new ControlError('not_possible', `${what} only for the user of the agent or root, not for members of socket_group`);
}
