import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type ControlClient, NotRunning } from '@sluice/agent';
import { CommandError, exitCode } from '../exit-code.ts';
import { complain, tell } from '../output.ts';
import { addWhereOptions, type WhereOptions } from './options.ts';
import type { Program } from './program.ts';
import { giver } from './who.ts';
import { withAgent } from './with-agent.ts';

export interface StopOptions extends WhereOptions {
  readonly drain?: boolean;
  readonly now?: boolean;
  readonly reason?: string;
}

type Mode = 'graceful' | 'drain' | 'now';

const lookEveryMs = 100;
const tellEveryMs = 10_000;

export function addStop({ command, does }: Program): void {
  addWhereOptions(command.command('stop'))
    .description('ends the agent: stable copies are withdrawn cleanly, growing ones fail')
    .option('--drain', 'take nothing new, finish what runs, then end')
    .option('--now', 'end at once, growing copies too')
    .option('--reason <text>', 'why, for the log')
    .action(
      does(async (options: StopOptions) => {
        await stopAgent(options);
        await tell(['the agent has ended']);
        return exitCode.done;
      }),
    );
}

/** Asks the agent to end and waits until it has. @throws NotRunning, CommandError where somebody has to choose first */
export async function stopAgent(options: StopOptions): Promise<void> {
  if (options.drain === true && options.now === true) throw new CommandError('--drain and --now exclude each other', exitCode.badUsage);
  await withAgent(options, async (client) => {
    const mode = await chooseMode(client, options);
    await client.request('stop', { mode, who: giver(options.reason) });
    if (mode === 'drain') complain('what runs is finished first; sluice status tells how far it is');
  });
  await untilGone(options);
}

/** Recordings that are being carried would fail: that is a person's choice. */
async function chooseMode(client: ControlClient, options: StopOptions): Promise<Mode> {
  if (options.drain === true) return 'drain';
  if (options.now === true) return 'now';
  const { routes } = await client.request('status', {});
  const recording = routes.reduce((sum, { counts }) => sum + counts.GROWING_COPY, 0);
  if (recording === 0) return 'graceful';
  const what = `${recording} recording${recording === 1 ? ' is' : 's are'} being carried and would fail`;
  if (!process.stdin.isTTY) throw new CommandError(`${what}; choose --drain or --now`, exitCode.notAsAsked);
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = (await asking.question(`${what}. [d]rain, [n]ow, or nothing: `)).trim().toLowerCase();
  asking.close();
  if (answer === 'd' || answer === 'drain') return 'drain';
  if (answer === 'n' || answer === 'now') return 'now';
  throw new CommandError('nothing was changed', exitCode.notAsAsked);
}

async function untilGone(where: WhereOptions): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += lookEveryMs) {
    if (await isGone(where)) return;
    if (waitedMs > 0 && waitedMs % tellEveryMs === 0) complain('still ending ...');
    await pause(lookEveryMs);
  }
}

async function isGone(where: WhereOptions): Promise<boolean> {
  try {
    await withAgent(where, () => Promise.resolve());
    return false;
  } catch (error) {
    return error instanceof NotRunning;
  }
}
