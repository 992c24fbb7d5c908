import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type ControlClient, connectControl, NotRunning } from '@sluice/control';
import { CommandError, exitCode } from '@sluice/words';
import { limits } from '../../limits.ts';
import { complain, print } from '../../output.ts';
import { giver } from '../../requester.ts';
import { addWhereOptions, type WhereOptions, withAgent } from '../base/options.ts';
import type { Program } from '../base/program.ts';

/** Options of `stop`. */
export interface StopOptions extends WhereOptions {
  readonly drain?: boolean;
  readonly now?: boolean;
  readonly reason?: string;
  /** The agent starts again afterwards. `--now` is not offered then. */
  readonly isRestart?: boolean;
}

/** The agent whose end is waited for. Another one may start as soon as it has ended. */
interface Ending {
  readonly stateDir: string;
  readonly pid: number;
}

type Mode = 'graceful' | 'drain' | 'now';

/** Adds the command `stop`. */
export function addStop({ command, does }: Program): void {
  addWhereOptions(command.command('stop'))
    .description('stop the agent: stable copies are withdrawn cleanly, growing copies fail')
    .option('--drain', 'start no new copies, finish running ones, then stop')
    .option('--now', 'stop at once, growing copies too')
    .option('--reason <text>', 'why, for the log')
    .action(
      does(async (options: StopOptions) => {
        await stopAgent(options);
        await print(['the agent has stopped']);
        return exitCode.done;
      }),
    );
}

/** Asks the agent to end and waits until it has. @throws NotRunning, CommandError if a person has to choose first */
export async function stopAgent(options: StopOptions): Promise<void> {
  if (options.drain === true && options.now === true)
    throw new CommandError('--drain and --now cannot be combined: give one of them', exitCode.badUsage);
  const who = giver(options.reason);
  const agent = await withAgent(options, async (client) => {
    const mode = await chooseMode(client, options);
    await client.request('stop', { mode, who });
    if (mode === 'drain') complain('the agent finishes the running copies first; "sluice status" shows how far they are');
    return { stateDir: client.stateDir, pid: client.hello.pid };
  });
  await untilGone(agent);
}

/** Recordings that are being copied would fail, so a person has to choose. */
async function chooseMode(client: ControlClient, options: StopOptions): Promise<Mode> {
  if (options.drain === true) return 'drain';
  if (options.now === true) return 'now';
  const running = await client.request('files', { statuses: ['GROWING_COPY', 'VERIFYING'] });
  const recording = running.files.filter(({ growing }) => growing).length;
  if (recording === 0) return 'graceful';
  const what = `${recording} recording${recording === 1 ? ' is' : 's are'} being copied, and the copy would fail`;
  const choice = options.isRestart === true ? '--drain, or run "sluice stop --now" first' : '--drain or --now';
  if (!process.stdin.isTTY) throw new CommandError(`${what}; choose ${choice}`, exitCode.notAsAsked);
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = (await asking.question(`${what}. [d]rain, [n]ow, or nothing: `)).trim().toLowerCase();
  asking.close();
  if (answer === 'd' || answer === 'drain') return 'drain';
  if (answer === 'n' || answer === 'now') return 'now';
  throw new CommandError('nothing was changed', exitCode.notAsAsked);
}

/** The agent stops answering before it has closed its journal and released its folder, so its process has to end, too. */
async function untilGone(agent: Ending): Promise<void> {
  for (let waitedMs = 0; !(await isSilent(agent)); waitedMs += limits.stopPollMs) {
    if (waitedMs > 0 && waitedMs % limits.stopReportEveryMs === 0) complain('still stopping ...');
    await pause(limits.stopPollMs);
  }
  for (let waitedMs = 0; waitedMs < limits.processEndsWithinMs && isThere(agent.pid); waitedMs += limits.stopPollMs)
    await pause(limits.stopPollMs);
}

async function isSilent({ stateDir, pid }: Ending): Promise<boolean> {
  try {
    const client = await connectControl({ stateDir, deadlineMs: limits.agentAnswerMs });
    client.close();
    return client.hello.pid !== pid;
  } catch (error) {
    return error instanceof NotRunning;
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
