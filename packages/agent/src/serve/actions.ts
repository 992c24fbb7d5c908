import { isIP } from 'node:net';
import { ControlError, type FileOutcome, type RouteOutcome, type Who } from '@sluice/control';
import { type Action, type CoreState, newestOf, type Operator, refusal } from '@sluice/core';
import { isEnded, isLost, type RouteName, type TrackedFile } from '@sluice/core/model';
import { refusalText } from '@sluice/words';
import { limits } from '../limits.ts';
import type { Offer } from '../ports.ts';
import { type Finding, findFiles, findNamed, isGlob, questionDeadline } from '../reader/find.ts';
import type { GatheredEvidence } from './evidence.ts';
import { viewNewest } from './status.ts';

type RouteAction = Exclude<Action, { readonly source: string }>;
type FileAction = Extract<Action, { readonly source: string }>;

/** What actions work with. */
export interface Acting extends Omit<Finding, 'asker'> {
  readonly state: CoreState;
  readonly offer: Offer;
}

/** Returns the operator of a request, such as `alice` or `alice from 192.0.2.7`. An origin that is not an address is left out. */
export function operatorOf({ user, origin, reason }: Who): Operator {
  return { by: origin === null || isIP(origin) === 0 ? user : `${user} from ${origin}`, reason };
}

/**
 * Acts on files by name, id or glob. It returns one outcome for each selected lineage, even if it is named several times. A
 * name without a match, or with too many, has an outcome that says so.
 */
export async function actOnFiles(
  acting: FileActing,
  doing: FileAction['do'],
  asked: readonly string[],
  who: Operator,
): Promise<FileOutcome[]> {
  const outcomes: FileOutcome[] = [];
  const search = searchFor(acting, asked);
  const done = new Set<string>();
  let left = limits.meantAttempts;
  for (const [index, name] of asked.entries()) {
    if (index > 0 && index % limits.namesAtOnce === 0) await acting.asker.pause();
    const found = await search(name, left);
    if ('refused' in found) outcomes.push({ asked: name, file: null, refused: found.refused });
    else outcomes.push(...meantBy(acting, doing, found.files, done).map((file) => outcomeOf(acting, doing, name, file, who)));
    left -= 'refused' in found ? 0 : found.files.length;
  }
  return outcomes;
}

const tooMany = `this would be more than ${limits.meantAttempts} attempts at once, so nothing was done for it; name fewer`;

type Search = { readonly files: readonly TrackedFile[] } | { readonly refused: string };

type FileActing = Acting & Pick<Finding, 'asker'>;

/**
 * @returns a function that finds the files of one name of a request. All names together have one deadline and a limit on
 *   patterns, and the names without wildcards share one search
 */
function searchFor(acting: FileActing, asked: readonly string[]): (name: string, max: number) => Promise<Search> {
  const deadlineAt = questionDeadline(acting);
  let patterns = 0;
  let named: ReturnType<typeof findNamed> | null = null;
  const find = async (name: string, max: number): Promise<readonly TrackedFile[] | null> => {
    const exact = acting.reader.findExact(name, max + 1);
    if (exact.length > 0 || isGlob(name)) return exact.length > 0 ? exact : await findFiles(acting, name, max + 1, deadlineAt);
    named ??= unknownNames(acting, asked).then((names) => findNamed(acting, names, limits.meantAttempts, deadlineAt));
    const found = await named;
    return found === null ? null : (found.get(name) ?? []);
  };
  return async (name, max) => {
    // The journal is closed after the stop.
    if (acting.state.hasStopped) return { refused: 'the agent is stopping' };
    const isPattern = isGlob(name) && acting.reader.findExact(name, 1).length === 0;
    patterns += isPattern ? 1 : 0;
    if (isPattern && patterns > limits.patternsPerRequest) return { refused: tooManyPatterns };
    try {
      const files = await find(name, max);
      if (files === null || files.length > max) return { refused: tooMany };
      return files.length === 0 ? { refused: 'there is no tracked file with this name or id' } : { files };
    } catch (error) {
      if (error instanceof ControlError) return { refused: error.message };
      throw error;
    }
  };
}

/** Returns the names of a request that are neither patterns, ids nor whole paths. */
async function unknownNames({ reader, state, asker }: FileActing, asked: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  for (const [index, name] of [...new Set(asked)].entries()) {
    if (index > 0 && index % limits.namesAtOnce === 0) await asker.pause();
    if (state.hasStopped) break;
    if (!isGlob(name) && reader.findExact(name, 1).length === 0) names.push(name);
  }
  return names;
}

const tooManyPatterns = `these are more than ${limits.patternsPerRequest} patterns at once, so nothing was done for this one; try it again alone`;

function outcomeOf(acting: Acting, doing: FileAction['do'], asked: string, file: TrackedFile, who: Operator): FileOutcome {
  const refused = offered(acting, { do: doing, route: file.route, source: file.source }, who);
  return { asked, file: viewNewest(acting.state, file), refused };
}

/**
 * Returns the attempts that are meant. An attempt refers to the newest one of its lineage. If several lineages match, ended ones
 * are left out. `acknowledge` applies to files that vanished.
 *
 * @param done lineages that were handled before and are skipped
 */
function meantBy({ state }: Acting, doing: FileAction['do'], found: readonly TrackedFile[], done: Set<string>): TrackedFile[] {
  const meant = new Map<string, TrackedFile>();
  for (const file of found) {
    const route = state.routes.get(file.route);
    const newest = route === undefined ? null : newestOf(state, route, file.source);
    const key = JSON.stringify([file.route, file.source]);
    if (!meant.has(key) && !done.has(key)) meant.set(key, newest ?? file);
  }
  for (const key of meant.keys()) done.add(key);
  const files = [...meant.values()];
  const apt = doing === 'acknowledge' ? files.filter(isLost) : files.filter(({ status }) => !isEnded(status));
  return apt.length > 0 ? apt : files;
}

/** Acts on routes. @param names null: all routes */
export function actOnRoutes(
  acting: Acting,
  asked: {
    readonly do: 'hold' | 'release' | 'rescan' | 'adopt' | 'acknowledge' | 'remove_leftovers';
    readonly names: readonly string[] | null;
    readonly until: number | null;
  },
  who: Operator,
): RouteOutcome[] {
  // Each request is one record in the journal, even if a route is named several times.
  const names = asked.names === null ? [...acting.state.routes.keys()] : [...new Set(asked.names)];
  return names.map((name) => {
    const route = name as RouteName;
    const action: Action = asked.do === 'hold' ? { do: 'hold', route, until: asked.until } : ({ do: asked.do, route } as RouteAction);
    return { route: name, refused: offered(acting, action, who) };
  });
}

/** Copies again the files that are missing at adopted routes. @returns the outcomes, with the number of those files */
export function copyAgain(
  acting: Acting,
  results: readonly RouteOutcome[],
  gathered: readonly (GatheredEvidence | null)[],
  who: Operator,
): RouteOutcome[] {
  return results.map((result, index) => {
    const sources = result.refused === null ? (gathered[index]?.again ?? []) : [];
    const asked = sources.map((source) => offered(acting, { do: 'retry', route: result.route as RouteName, source }, who));
    return { ...result, again: asked.filter((refused) => refused === null).length };
  });
}

function offered({ state, offer }: Acting, action: Action, who: Operator): string | null {
  const refused = refusal(state, action);
  if (refused !== null) return refusalText(refused);
  offer({ kind: 'operator_asked', action, who });
  return null;
}
