import { join } from 'node:path';
import process from 'node:process';
import { askProbe, askSurvey } from '@sluice/agent';
import { ConfigError, configTemplate, newConfigFile, routeWithDefaults, suggestedRouteName, writeConfigFile } from '@sluice/config';
import { CommandError, clean, exitCode } from '@sluice/words';
import { limits } from '../../limits.ts';
import { print } from '../../output.ts';
import { addFolderOptions, around, type ConfigOptions, loadWhole } from '../base/options.ts';
import type { Program } from '../base/program.ts';
import { addPortableOption, assertNotOnStick } from '../base/stick.ts';
import { destinationText, sourceText } from './folder-words.ts';

/** The two folders of a new route. */
export interface Folders {
  readonly source: string;
  readonly destination: string;
}

/** Adds the command `init`. */
export function addInit({ command, does }: Program): void {
  addPortableOption(addFolderOptions(command.command('init').option('-c, --config <file>', 'the configuration file to write')))
    .description('write a commented sluice.toml where "sluice run" looks for it; never replaces a file')
    .action(does(init));
}

async function init(options: ConfigOptions): Promise<number> {
  assertNotOnStick(options);
  const { config, from, to, portable } = options;
  const folders = await foldersOf(from, to);
  const file = fileToWrite(options);
  writeConfig(file, folders);
  const found = folders === null ? [] : await check(folders);
  const which = config === undefined ? '' : ` -c ${config}`;
  const next = folders === null ? 'fill in the folders of its [[route]], then' : 'next';
  const atBoot = portable === true ? ' --portable' : `; sluice service install${which} starts it at every boot`;
  await print([`wrote ${file}`, ...found, `${next}: sluice check${which}, then sluice start${which}${atBoot}`].map(clean));
  return exitCode.done;
}

/** Returns the path of the new configuration. @throws ConfigError if no location is known */
export function fileToWrite({ config, portable }: ConfigOptions): string {
  const { executableDir } = around();
  if (config === undefined && portable === true && executableDir !== null) return join(executableDir, 'sluice.toml');
  return newConfigFile({ config, around: around(), isAdministrator: isAdministrator() });
}

/** Checks the folders as they will be when the file is read, before anything is written. @throws ConfigError */
async function foldersOf(from: string | undefined, to: string | undefined): Promise<Folders | null> {
  if (from === undefined && to === undefined) return null;
  if (from === undefined || to === undefined)
    throw new CommandError('init needs both --from DIR and --to DIR, or neither', exitCode.badUsage);
  const [route] = (await loadWhole({ from, to })).routes;
  if (route === undefined) throw new ConfigError([]);
  return route;
}

/** @throws ConfigError if the file exists, or it cannot be written */
export function writeConfig(file: string, folders: Folders | null): void {
  const { source, destination } = folders ?? {};
  const route = source === undefined || destination === undefined ? null : { name: suggestedRouteName(source), source, destination };
  writeConfigFile(file, configTemplate(route), around());
}

async function check(folders: Folders): Promise<string[]> {
  const route = routeWithDefaults(folders, around());
  const [source, destination] = await Promise.all([askSurvey(route, [], limits.surveyDeadlineMs), askProbe(route, route.probe.deadlineMs)]);
  return [
    `  source       ${route.source} ${sourceText(source)}`,
    `  destination  ${route.destination} ${destinationText(destination, route.destination)}`,
  ];
}

/** Returns whether the machine-wide agent is set up. */
function isAdministrator(): boolean {
  return process.getuid?.() === 0;
}
