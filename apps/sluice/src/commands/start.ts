import process from 'node:process';
import { type Config, NotRunning } from '@sluice/agent';
import { exitCode } from '../exit-code.ts';
import { tell } from '../output.ts';
import { clean } from '../text/clean.ts';
import { startInBackground } from './in-background.ts';
import { addConfigOptions, type ConfigOptions, loadWhole } from './options.ts';
import type { Program } from './program.ts';
import { stopAgent } from './stop.ts';

interface RestartOptions extends ConfigOptions {
  readonly drain?: boolean;
}

export function addStart({ command, does }: Program): void {
  addConfigOptions(command.command('start'))
    .description('the agent, in the background')
    .action(does(async (options: ConfigOptions) => await started(await loadWhole(options), 'start')));
  addConfigOptions(command.command('restart'))
    .description('ends the agent and starts it anew')
    .option('--drain', 'finish what runs first')
    .action(does(restart));
}

/** The configuration is read before anything ends: a mistake in it leaves the agent running. */
async function restart(options: RestartOptions): Promise<number> {
  const config = await loadWhole(options);
  const drain = options.drain === true ? { drain: true } : {};
  try {
    await stopAgent({ state: config.stateDir, isRestart: true, ...drain });
  } catch (error) {
    if (!(error instanceof NotRunning)) throw error;
  }
  return await started(config, 'restart');
}

/** Starts `run` with the very options of this command, and waits until it answers. */
async function started(config: Config, word: 'start' | 'restart'): Promise<number> {
  const pid = await startInBackground(config.stateDir, runArguments(process.argv.slice(2), word));
  await tell([clean(`the agent runs (${pid}); its log is in ${config.stateDir}`)]);
  return exitCode.done;
}

function runArguments(given: readonly string[], word: string): string[] {
  const at = given.indexOf(word);
  return ['run', ...given.filter((arg, index) => index !== at && arg !== '--drain')];
}
