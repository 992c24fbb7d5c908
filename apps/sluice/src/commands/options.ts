import { dirname } from 'node:path';
import process from 'node:process';
import { type Config, type LoadInput, loadConfig, pickOptions, routeOptions, type Surroundings, surroundings } from '@sluice/agent';
import type { Command } from 'commander';

/** Options of every command that has to find an agent or its journal. */
export interface WhereOptions {
  readonly config?: string;
  readonly state?: string;
}

/** Options of every command that needs a configuration. */
export interface ConfigOptions extends WhereOptions {
  readonly from?: string;
  readonly to?: string;
}

export function around(): Surroundings {
  return surroundings('pkg' in process ? dirname(process.execPath) : null);
}

export function addWhereOptions(command: Command): Command {
  return command.option('-c, --config <file>', 'the sluice.toml').option('--state <dir>', 'the state folder');
}

export function addConfigOptions(command: Command): Command {
  addWhereOptions(command)
    .option('--from <dir>', 'carry from this folder, with --to, without a configuration file')
    .option('--to <dir>', 'carry to this folder');
  for (const { flags, description, setting } of routeOptions) {
    for (const flag of flags) {
      if (setting.kind === 'list') command.option(flag.replace('...', ''), description, collect);
      else command.option(flag, description);
    }
  }
  return command;
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** @throws ConfigError */
export function load(options: ConfigOptions): Promise<Config> {
  const { config, from, to, state } = options;
  const input: LoadInput = { config, from, to, state, around: around(), options: pickOptions({ ...options }) };
  return loadConfig(input);
}
