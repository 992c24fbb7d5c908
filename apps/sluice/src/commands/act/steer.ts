import { parseDuration } from '@sluice/config';
import { CommandError, clean, exitCode } from '@sluice/words';
import { limits } from '../../limits.ts';
import { complain, print } from '../../output.ts';
import { giver } from '../../requester.ts';
import { knownRoute } from '../base/known-route.ts';
import { addWhereOptions, type WhereOptions, withAgent } from '../base/options.ts';
import type { Program } from '../base/program.ts';

interface SteerOptions extends WhereOptions {
  readonly all?: boolean;
  readonly for?: string;
  readonly reason?: string;
}

type Doing = 'hold' | 'release' | 'rescan';

const done: Readonly<Record<Doing, string>> = {
  hold: 'held: no new copies start, running copies finish',
  release: 'released',
  rescan: 'a scan of its source starts now',
};

/** Adds the commands `hold`, `release` and `rescan`. */
export function addSteering({ command, does }: Program): void {
  addWhereOptions(command.command('hold'))
    .description('start no new copies on a route; running copies finish; survives restarts')
    .argument('[route]', 'the name of a route')
    .option('--all', 'every route')
    .option('--for <duration>', 'release it after this time, such as 30m or 2h')
    .option('--reason <text>', 'why, for the journal and the screen')
    .action(does((route: string | undefined, options: SteerOptions) => steer('hold', route, options)));
  addWhereOptions(command.command('release'))
    .description('end a hold')
    .argument('[route]', 'the name of a route')
    .option('--all', 'every route')
    .option('--reason <text>', 'why, for the journal')
    .action(does((route: string | undefined, options: SteerOptions) => steer('release', route, options)));
  addWhereOptions(command.command('rescan'))
    .description('scan the source now; also accepts that a cleared source is empty')
    .argument('[route]', 'the name of a route (default: all)')
    .action(does((route: string | undefined, options: SteerOptions) => steer('rescan', route, { ...options, all: route === undefined })));
}

async function steer(doing: Doing, route: string | undefined, options: SteerOptions): Promise<number> {
  if ((route === undefined) === (options.all !== true)) {
    throw new CommandError(`${doing} needs the name of a route, or --all`, exitCode.badUsage);
  }
  const params = { do: doing, routes: route === undefined ? null : [route], until: untilOf(options.for), who: giver(options.reason) };
  const { results } = await withAgent(options, async (client) => {
    if (route !== undefined) await knownRoute(client, route);
    return await client.request('steer', params);
  });
  const isDone = ({ refused }: { readonly refused: string | null }): boolean => refused === null;
  await print(results.filter(isDone).map((result) => clean(`${result.route}: ${done[doing]}`)));
  for (const result of results.filter((each) => !isDone(each))) {
    complain(clean(`sluice: cannot ${doing} ${JSON.stringify(result.route)}: ${result.refused}`));
  }
  return results.every(isDone) ? exitCode.done : exitCode.notAsAsked;
}

function untilOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  const ms = parseDuration(text);
  if (ms === null || ms <= 0)
    throw new CommandError(`--for ${JSON.stringify(text)} is not a duration: expected, for example, 30m or 2h`, exitCode.badUsage);
  if (ms > limits.steerMs) {
    throw new CommandError(
      `--for ${JSON.stringify(text)} is more than ten years: leave --for out, and the hold lasts until it is released`,
      exitCode.badUsage,
    );
  }
  return new Date(Date.now() + ms).toISOString();
}
