import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { CommandError, clean, evidenceLines, exitCode } from '@sluice/words';
import { print } from '../../output.ts';
import { giver } from '../../who.ts';
import { addWhereOptions, type WhereOptions, withAgent } from '../base/options.ts';
import type { Program } from '../base/program.ts';

interface AdoptOptions extends WhereOptions {
  readonly reason?: string;
  readonly yes?: boolean;
}

const evidenceDeadlineMs = 30_000;

export function addAdopt({ command, does }: Program): void {
  addWhereOptions(command.command('adopt'))
    .description('says that what is found at a destination is the destination from now on; shows the evidence and asks')
    .argument('<route>', 'the name of a route')
    .option('--reason <text>', 'why, for the journal')
    .option('--yes', 'do not ask')
    .action(does(adopt));
}

async function adopt(route: string, options: AdoptOptions): Promise<number> {
  const who = giver(options.reason);
  return await withAgent(options, async (client) => {
    const evidence = await client.request('evidence', { route }, { deadlineMs: evidenceDeadlineMs });
    await print(evidenceLines(evidence).map(clean));
    if (options.yes !== true && !(await isConfirmed(route))) {
      throw new CommandError('nothing was changed', exitCode.notAsAsked);
    }
    const { results } = await client.request('steer', { do: 'adopt', routes: [route], who });
    const refused = results[0]?.refused ?? null;
    if (refused !== null) throw new CommandError(`cannot adopt ${JSON.stringify(route)}: ${refused}`, exitCode.notAsAsked);
    await print([clean(`${route}: what is at ${evidence.destination} is its destination now`)]);
    return exitCode.done;
  });
}

/** A yes is too short for this: the name of the route has to be typed. */
async function isConfirmed(route: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new CommandError('adopt asks before it acts; without a terminal it wants --yes', exitCode.badUsage);
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question(`If this is the destination, type ${JSON.stringify(route)}: `);
  asking.close();
  return answer.trim() === route;
}
