import { isAbsolute, join, relative, sep } from 'node:path';
import { type AuditPlace, type KnownRoute, knownRoutes } from '@sluice/audit';
import { nearest } from '@sluice/config';
import { CommandError, exitCode } from '@sluice/words';
import { sqliteAddonPath } from '../../packed/sqlite-addon.ts';
import { stateDirOf, withJournal } from '../ask/agent-or-journal.ts';
import type { WhereOptions } from '../base/options.ts';

/** The input of an audit: a journal, and the routes of its newest agent. */
export interface Audited extends AuditPlace {
  readonly stateDir: string;
}

/**
 * Finds the journal, with or without a running agent, and the settings of its newest agent.
 *
 * @throws CommandError if there is no journal, or if no agent has recorded its settings yet; JournalUnusable
 */
export async function findAudited(where: WhereOptions): Promise<Audited> {
  const stateDir = await stateDirOf(where);
  const routes = withJournal(stateDir, (journal) => knownRoutes(journal.routeFacts()));
  if (routes.length === 0) {
    throw new CommandError(
      `the journal in ${stateDir} has no settings of routes: start the agent once with this version`,
      exitCode.notAsAsked,
    );
  }
  return { stateDir, journalPath: join(stateDir, 'journal.db'), addonPath: sqliteAddonPath(), routes };
}

/** Returns the route with this name, or all routes. @throws CommandError if no route has this name */
export function routesNamed(routes: readonly KnownRoute[], name: string | undefined): readonly KnownRoute[] {
  if (name === undefined) return routes;
  const found = routes.filter(({ settings }) => settings.name === name);
  if (found.length > 0) return found;
  const names = routes.map(({ settings }): string => settings.name);
  const near = nearest(name, names);
  const hint =
    near === null ? `; there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}` : `; did you mean ${JSON.stringify(near)}?`;
  throw new CommandError(`no route is called ${JSON.stringify(name)}${hint}`, exitCode.badUsage);
}

/**
 * Returns a folder as a path below the source, `/` between the parts. Null: the whole source.
 *
 * @param roots folders that may contain an absolute path
 * @throws CommandError if the folder is not below one of them, or is an empty text, such as that of a variable that is not set
 */
export function folderBelow(given: string | undefined, roots: readonly string[]): string | null {
  if (given === undefined) return null;
  if (given.trim() === '')
    throw new CommandError('--folder "" names no folder: give one, such as day1, or leave --folder out for all of it', exitCode.badUsage);
  const below = isAbsolute(given) ? roots.map((root) => relative(root, given)).find(isInside) : relative('.', given);
  if (below === undefined || !isInside(below)) {
    const where = roots.length === 1 ? roots[0] : roots.join(' and ');
    throw new CommandError(
      `--folder ${JSON.stringify(given)} is not below ${where}: give a path relative to it, such as day1`,
      exitCode.badUsage,
    );
  }
  return below === '' ? null : below.split(sep).join('/');
}

function isInside(path: string): boolean {
  return path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
