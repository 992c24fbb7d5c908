import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { type Config, ConfigError, connectControl, NotRunning, selfCommand, unsupportedSettings } from '@sluice/agent';
import { CommandError, exitCode } from '../exit-code.ts';
import { tell } from '../output.ts';
import { clean } from '../text/clean.ts';
import { addConfigOptions, type ConfigOptions, load } from './options.ts';
import type { Program } from './program.ts';
import { stopAgent } from './stop.ts';

interface RestartOptions extends ConfigOptions {
  readonly drain?: boolean;
}

/** A journal of millions of entries, on a slow disk. */
const upWithinMs = 60_000;
const lookEveryMs = 50;
const mostSaid = 4_000;

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

async function loadWhole(options: ConfigOptions): Promise<Config> {
  const config = await load(options);
  const unsupported = unsupportedSettings(config);
  if (unsupported.length > 0) throw new ConfigError(unsupported);
  return config;
}

/** Starts \`run\` with the very options of this command, and waits until it answers. */
async function started(config: Config, word: 'start' | 'restart'): Promise<number> {
  const pid = await startInBackground(config.stateDir, runArguments(process.argv.slice(2), word));
  await tell([clean(`the agent runs (${pid}); its log is in ${config.stateDir}`)]);
  return exitCode.done;
}

function runArguments(given: readonly string[], word: string): string[] {
  const at = given.indexOf(word);
  return ['run', ...given.filter((arg, index) => index !== at && arg !== '--drain')];
}

/**
 * @returns its process number
 * @throws CommandError with what it said, where it ended
 */
export async function startInBackground(stateDir: string, args: readonly string[]): Promise<number> {
  const { command, args: before } = selfCommand();
  const child = spawn(command, [...before, ...args], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let said = '';
  let endedWith: number | null | undefined;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-mostSaid)));
  child.on('error', (error) => {
    said += error.message;
    endedWith = exitCode.notAsAsked;
  });
  // Not when it exits: what it said last may still be on its way.
  child.on('close', (code) => {
    endedWith = code;
  });
  const deadline = performance.now() + upWithinMs;
  while (performance.now() < deadline && endedWith === undefined) {
    if ((await pidOf(stateDir)) === child.pid) {
      letGo(child);
      return child.pid ?? 0;
    }
    await pause(lookEveryMs);
  }
  if (endedWith === undefined) {
    child.kill();
    letGo(child);
    throw new CommandError(`the agent did not answer within ${upWithinMs / 1_000} s and was ended; ${clean(said)}`, exitCode.notAsAsked);
  }
  throw new CommandError(
    said.trim() === '' ? 'the agent did not start' : said.trim().replace(/^sluice: /, ''),
    endedWith ?? exitCode.notAsAsked,
  );
}

/** This program may end while the other goes on. */
function letGo(child: ChildProcess): void {
  child.stderr?.destroy();
  child.unref();
}

/** @returns the number of the agent that answers, null where none does */
async function pidOf(stateDir: string): Promise<number | null> {
  try {
    const client = await connectControl({ stateDir, deadlineMs: 1_000 });
    client.close();
    return client.hello.pid;
  } catch {
    return null;
  }
}
