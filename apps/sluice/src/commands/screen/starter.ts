import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { askProbe, askSurvey } from '@sluice/agent';
import { ConfigError, describeProblem, hasConfigFile, routeWithDefaults } from '@sluice/config';
import type { FolderCheck, Offer, Starter, TypedFolders } from '@sluice/tui';
import { limits } from '../../limits.ts';
import { around, type ConfigOptions, loadWhole } from '../base/options.ts';
import { startInBackground } from '../life/in-background.ts';
import { destinationIsGood, destinationText, invalidNamesText, sourceIsGood, sourceText } from '../setup/folder-words.ts';
import { fileToWrite, writeConfig } from '../setup/init.ts';

/** Returns what the screen can do while no agent runs, by the code of `start` and `init`. */
export function createStarter(options: ConfigOptions): Starter {
  return {
    offer: () => offerOf(options),
    async start() {
      const { stateDir } = await loadWhole(options);
      await startInBackground(stateDir, ['run', ...withoutScreenOptions(process.argv.slice(2))]);
    },
    check: (side, typed) => (side === 'source' ? checkSource(typed) : checkDestination(typed, options)),
    async write(typed) {
      writeConfig(fileToWrite(options), foldersOf(typed));
      await Promise.resolve();
    },
  };
}

async function offerOf(options: ConfigOptions): Promise<Offer> {
  try {
    if (options.from === undefined && options.to === undefined && !hasConfigFile({ config: options.config, around: around() }))
      return { kind: 'set_up', file: fileToWrite(options) };
    const { routes, stateDir, origin } = await loadWhole(options);
    return { kind: 'start', by: origin.file ?? 'the command line', stateDir, routes };
  } catch (error) {
    if (!(error instanceof ConfigError)) return { kind: 'cannot', problems: [error instanceof Error ? error.message : String(error)] };
    return { kind: 'cannot', problems: error.problems.map(describeProblem) };
  }
}

const ofScreensOnly: ReadonlySet<string> = new Set(['--ascii', '--unicode', '--bell', '--read-only']);

function withoutScreenOptions(given: readonly string[]): string[] {
  return given.filter((arg) => !ofScreensOnly.has(arg));
}

/** `~` stands for the home, as in a shell. */
function pathOf(typed: string): string {
  const path = typed.trim();
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(2)) : resolve(path);
}

function foldersOf({ source, destination }: TypedFolders): TypedFolders {
  return { source: pathOf(source), destination: pathOf(destination) };
}

async function checkSource({ source }: TypedFolders): Promise<FolderCheck> {
  const path = pathOf(source);
  const found = await askSurvey(routeWithDefaults({ source: path, destination: path }, around()), [], limits.surveyDeadlineMs);
  const text = [sourceText(found), invalidNamesText(found)].filter((part) => part !== null).join('; ');
  return { path, text, verdict: sourceIsGood(found) ? 'good' : 'doubtful' };
}

/** Checks a destination. Whether the two folders fit together is known only at this point. */
async function checkDestination(typed: TypedFolders, { state }: ConfigOptions): Promise<FolderCheck> {
  const folders = foldersOf(typed);
  const path = folders.destination;
  try {
    await loadWhole({ from: folders.source, to: path, ...(state === undefined ? {} : { state }) });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { path, text: error.problems.map(describeProblem).join('; '), verdict: 'impossible' };
  }
  const route = routeWithDefaults(folders, around());
  const found = await askProbe(route, route.probe.deadlineMs);
  return { path, text: destinationText(found, path), verdict: destinationIsGood(found) ? 'good' : 'doubtful' };
}
