import { join } from 'node:path';
import process from 'node:process';
import { isatty } from 'node:tty';
import {
  type AgentEnd,
  createLog,
  createLogFile,
  type LineOutput,
  type Log,
  lineOutput,
  startAgent,
  takeNotifyEnvironment,
} from '@sluice/agent';
import type { Config } from '@sluice/config';
import { cleanJson, exitCode, paintFor } from '@sluice/words';
import { limits } from '../../limits.ts';
import { sqliteAddon, sqliteAddonPath, sweepAddons } from '../../packed/sqlite-addon.ts';
import { version } from '../../version.ts';
import { addConfigOptions, type ConfigOptions, loadWhole } from '../base/options.ts';
import type { Program } from '../base/program.ts';
import { addPortableOption, assertNotOnStick } from '../base/stick.ts';

interface RunOptions extends ConfigOptions {
  readonly untilIdle?: boolean;
  readonly untilStdinCloses?: boolean;
  readonly json?: boolean;
  readonly moved?: boolean;
}

/** Adds the command `run`. */
export function addRun({ command, does }: Program): void {
  addPortableOption(addConfigOptions(command.command('run')))
    .description('run the agent in the foreground')
    .option('--until-idle', 'end when everything is copied')
    .option(
      '--until-stdin-closes',
      'end as with SIGTERM when standard input is closed, for programs that start it where there are no signals',
    )
    .option('--moved', 'accept a state folder that was moved here from another machine')
    .option('--json', 'print a JSON line on standard output for each event')
    .action(does(run));
}

async function run(options: RunOptions): Promise<number> {
  assertNotOnStick(options);
  const config = await loadWhole(options);
  return await runAgent(config, {
    loadAgain: (again) => loadWhole(options, again),
    untilIdle: options.untilIdle === true,
    untilStdinCloses: options.untilStdinCloses === true,
    json: options.json === true,
    wasMoved: options.moved === true,
  });
}

interface RunHow {
  readonly loadAgain: (again: Config['origin']) => Promise<Config>;
  readonly untilIdle: boolean;
  readonly untilStdinCloses: boolean;
  readonly json: boolean;
  readonly wasMoved: boolean;
}

/** Runs an agent until it ends or a signal ends it. @returns the exit code */
async function runAgent(config: Config, how: RunHow): Promise<number> {
  // Called first, so that no process inherits these variables.
  const notify = takeNotifyEnvironment(process.env, process.pid);
  const isInTerminal = isatty(0) || isatty(2);
  const logSettings = { ...config.log };
  const log = openLog(config.stateDir, logSettings, how.json);
  // `nohup`, `start` and service managers start it without a terminal that could be closed. Node undoes what `nohup` has set.
  let onHangUp = (): void => undefined;
  if (!isInTerminal) process.on('SIGHUP', () => onHangUp());
  const notes = how.json ? noteOutput() : null;
  const agent = await startAgent({
    config,
    version,
    untilIdle: how.untilIdle,
    wasMoved: how.wasMoved,
    loadAgain: how.loadAgain,
    notify,
    onConfigured: (next) => void Object.assign(logSettings, next.log),
    log,
    sqliteAddon,
    sqliteAddonPath,
    onNote: notes === null ? null : (note) => void notes.write(cleanJson(note)),
  });
  sweepAddons(config.stateDir, Date.now());
  // On Windows SIGHUP means that the console is closed.
  if (process.platform !== 'win32') onHangUp = () => void agent.reload({ by: 'SIGHUP', reason: null });
  let signalled: number | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    const isAgain = signalled !== null;
    signalled ??= codeOfSignal(signal);
    agent.stop(isAgain ? 'now' : 'graceful', signal);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  if (isInTerminal) process.on('SIGHUP', onSignal);
  const letInputGo = how.untilStdinCloses ? onInputClosed(() => agent.stop('graceful', 'the end of standard input')) : null;
  const end = await agent.ended;
  letInputGo?.();
  notes?.drain(limits.lastNotesMs);
  log.close();
  return end === 'journal_stalled' ? exitCode.journalUnusable : (signalled ?? codeOf(end));
}

function codeOfSignal(signal: NodeJS.Signals): number {
  if (signal === 'SIGHUP') return exitCode.hungUp;
  return signal === 'SIGINT' ? exitCode.interrupted : exitCode.terminated;
}

/** Every line is JSON, even the one that says how many are missing for a reader that stalled. */
function noteOutput(): LineOutput {
  const lostLine = (lines: number): string => JSON.stringify({ v: 1, at: new Date().toISOString(), event: 'lost', lines });
  return lineOutput(1, { maxWaitingBytes: limits.waitingNotesBytes, lostLine });
}

function codeOf(end: AgentEnd): number {
  return end === 'needs_a_person' ? exitCode.notAsAsked : exitCode.done;
}

/**
 * The log file is created with the first line, which is after the state folder was created.
 * @param settings may be replaced while the agent runs
 */
function openLog(stateDir: string, settings: Config['log'], json: boolean): Log {
  const path = join(stateDir, 'sluice.log');
  const file = createLogFile({
    path,
    get maxSizeBytes() {
      return settings.maxSizeBytes;
    },
    get keep() {
      return settings.keep;
    },
  });
  const paint = paintFor(process.env, { isTerminal: isatty(2), platform: process.platform });
  return createLog({
    get level() {
      return settings.level;
    },
    file,
    output: json ? null : lineOutput(2),
    now: Date.now,
    paint,
  });
}

/**
 * Calls back once, when standard input ends or is closed: the program that started this one wants it to end, or has ended. The
 * content of the input is ignored. If there is no input, it counts as closed.
 * @returns a function that stops waiting for it, so that it does not keep the process running
 */
function onInputClosed(closed: () => void): () => void {
  const { stdin } = process;
  let isOver = false;
  const once = (): void => {
    if (isOver) return;
    isOver = true;
    closed();
  };
  stdin.on('end', once).on('close', once).on('error', once).resume();
  return () => {
    isOver = true;
    stdin.destroy();
  };
}
