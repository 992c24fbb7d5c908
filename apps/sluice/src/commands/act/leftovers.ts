import { setTimeout as pause } from 'node:timers/promises';
import type { ControlClient, LeftoverJson } from '@sluice/control';
import { CommandError, clean, cleanJson, countText, exitCode, leftoverLines, leftoverStateText } from '@sluice/words';
import { limits } from '../../limits.ts';
import { complain, paint, print, terminalWidth } from '../../output.ts';
import { giver } from '../../requester.ts';
import { knownRoute } from '../base/known-route.ts';
import { addWhereOptions, type WhereOptions, withAgent } from '../base/options.ts';
import type { Program } from '../base/program.ts';

interface LeftoversOptions extends WhereOptions {
  readonly route?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

/** Adds the command `leftovers`. */
export function addLeftovers({ command, does }: Program): void {
  const leftovers = command
    .command('leftovers')
    .description('list or remove the partial files that failed growing copies left at the destination');
  addWhereOptions(leftovers.command('list', { isDefault: true }))
    .description('list them: sizes, ages, and the complete copy that replaced each; changes nothing')
    .option('--route <name>', 'only those of this route')
    .option('--json', 'print one JSON object per line')
    .action(does(list));
  addWhereOptions(leftovers.command('remove'))
    .description('remove those that a complete copy replaced, and that are unchanged since Sluice wrote them')
    .option('--route <name>', 'only those of this route')
    .option('--reason <text>', 'why, for the journal')
    .action(does(remove));
}

async function list(options: LeftoversOptions): Promise<number> {
  const { leftovers, total } = await withAgent(options, async (client) => {
    if (options.route !== undefined) await knownRoute(client, options.route);
    return await ask(client, options, true);
  });
  if (options.json === true) {
    await print(leftovers.map((leftover) => cleanJson(leftover)));
    return exitCode.done;
  }
  if (leftovers.length === 0) await print(['there are no leftovers']);
  else await print(leftoverLines(leftovers, { width: terminalWidth(), paint: paint() }));
  if (total > leftovers.length) complain(`${countText(total - leftovers.length)} more are not shown; --route shows those of one route`);
  return exitCode.done;
}

function ask(client: ControlClient, { route }: LeftoversOptions, looks: boolean) {
  return client.request('leftovers', { route: route ?? null, looks }, { deadlineMs: limits.evidenceDeadlineMs });
}

async function remove(options: LeftoversOptions): Promise<number> {
  const who = giver(options.reason);
  return await withAgent(options, async (client) => {
    if (options.route !== undefined) await knownRoute(client, options.route);
    const before = (await ask(client, options, true)).leftovers;
    if (before.length === 0) {
      await print(['there are no leftovers']);
      return exitCode.done;
    }
    const routes = options.route === undefined ? null : [options.route];
    const { results } = await client.request('steer', { do: 'remove_leftovers', routes, who });
    const after = await untilRemoved(client, options);
    const left = new Map(after.map((leftover) => [keyOf(leftover), leftover]));
    const gone = before.filter((leftover) => !left.has(keyOf(leftover)));
    await print(gone.map((leftover) => clean(`${leftover.destination}: ${goneText(leftover)}`)));
    for (const { route, refused } of results.filter((each) => before.some((leftover) => leftover.route === each.route))) {
      if (refused !== null) complain(clean(`sluice: nothing was removed on route ${JSON.stringify(route)}: ${refused}`));
    }
    for (const leftover of after) complain(clean(`sluice: ${leftover.destination} ${leftoverStateText(leftover)}`));
    return after.length === 0 ? exitCode.done : exitCode.notAsAsked;
  });
}

function keyOf({ route, destination, attempt }: LeftoverJson): string {
  return JSON.stringify([route, destination, attempt]);
}

function goneText({ state, replacedBy }: LeftoverJson): string {
  if (state === 'gone') return 'was not there any more';
  return replacedBy === null ? 'removed' : `removed; the complete copy is ${replacedBy.destination}`;
}

/** Waits until the agent has removed the leftovers, or has reported why they stay. */
async function untilRemoved(client: ControlClient, options: LeftoversOptions): Promise<readonly LeftoverJson[]> {
  for (let waitedMs = 0; ; waitedMs += limits.leftoverPollMs) {
    const { leftovers } = await ask(client, options, false);
    if (leftovers.every(({ state }) => state !== 'being_removed')) return leftovers;
    if (waitedMs >= limits.leftoverWaitMs)
      throw new CommandError('the agent is still removing them: "sluice leftovers" shows what is left', exitCode.notAsAsked);
    await pause(limits.leftoverPollMs);
  }
}
