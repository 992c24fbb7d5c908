import { type Config, ConfigError, type LoadInput, loadConfig, pickOptions, routeOptions, unsupportedSettings } from '@sluice/config';
import { type Command, Option } from 'commander';
import { around, type WhereOptions } from './agent.ts';
import type { StickOptions } from './stick.ts';

export { around, type WhereOptions, withAgent } from './agent.ts';

/** Options of every command that needs a configuration. */
export interface ConfigOptions extends WhereOptions, StickOptions {
  readonly from?: string;
  readonly to?: string;
}

/** Adds the options that find an agent or its journal. */
export function addWhereOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'the configuration file')
    .option('--state <dir>', 'the state folder: journal, control socket, log');
}

/** Adds the options of a configuration. */
export function addConfigOptions(command: Command): Command {
  return addRouteOptions(addFolderOptions(addWhereOptions(command)));
}

/** Adds the options that name folders. */
export function addFolderOptions(command: Command): Command {
  return command
    .option('--from <dir>', 'copy from this folder, together with --to, without a configuration file')
    .option('--to <dir>', 'copy to this folder');
}

/**
 * Adds the options of a route. A list takes all the words up to the next option, and may be given again.
 * @param isHidden whether the help omits them. The words after a list may then be a command, so a list takes one word at a time
 */
export function addRouteOptions(command: Command, { isHidden = false }: { readonly isHidden?: boolean } = {}): Command {
  for (const { flags, description, setting } of routeOptions) {
    for (const flag of flags) {
      const isSingle = isHidden && setting.kind === 'list';
      const option = new Option(isSingle ? flag.replace('...', '') : flag, description).hideHelp(isHidden);
      command.addOption(isSingle ? option.argParser(collect) : option);
    }
  }
  return command;
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Loads the configuration. @param again where it was loaded from before: it is read again from there @throws ConfigError */
export function load(options: ConfigOptions, again?: Config['origin']): Promise<Config> {
  const { config, from, to, state } = options;
  const input: LoadInput = { config, from, to, state, around: around(), options: pickOptions({ ...options }), again };
  return loadConfig(input);
}

/** Loads the configuration, and checks that every setting in it is implemented. @throws ConfigError */
export async function loadWhole(options: ConfigOptions, again?: Config['origin']): Promise<Config> {
  const config = await load(options, again);
  const unsupported = unsupportedSettings(config);
  if (unsupported.length > 0) throw new ConfigError(unsupported);
  return config;
}
