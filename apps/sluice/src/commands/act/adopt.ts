import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { CommandError, clean, evidenceLines, exitCode } from '@sluice/words';
import { limits } from '../../limits.ts';
import { print } from '../../output.ts';
import { giver } from '../../who.ts';
import { addWhereOptions, type WhereOptions, withAgent } from '../base/options.ts';
import type { Program } from '../base/program.ts';

interface AdoptOptions extends WhereOptions {
  readonly reason?: string;
  readonly yes?: boolean;
  readonly again?: boolean;
}

export function addAdopt({ command, does }: Program): void {
  addWhereOptions(command.command('adopt'))
    .description('says that what is found at a destination is the destination from now on; shows the evidence and asks')
    .argument('<route>', 'the name of a route')
    .option('--reason <text>', 'why, for the journal')
    .option('--yes', 'do not ask')
    .option('--again', 'copy again what was copied and is not there')
    .action(does(adopt));
}

async function adopt(route: string, options: AdoptOptions): Promise<number> {
  const who = giver(options.reason);
  return await withAgent(options, async (client) => {
    const evidence = await client.request('evidence', { route }, { deadlineMs: limits.evidenceDeadlineMs });
    await print(evidenceLines(evidence).map(clean));
    if (options.yes !== true && !(await isConfirmed(route))) {
      throw new CommandError('nothing was changed', exitCode.notAsAsked);
    }
    const missing = evidence.again ?? 0;
    const again = options.again === true || (options.yes !== true && missing > 0 && (await isWantedAgain(missing)));
    const { results } = await client.request(
      'steer',
      { do: 'adopt', routes: [route], again, who },
      { deadlineMs: limits.evidenceDeadlineMs },
    );
    const refused = results[0]?.refused ?? null;
    if (refused !== null) throw new CommandError(`cannot adopt ${JSON.stringify(route)}: ${refused}`, exitCode.notAsAsked);
    const copied = results[0]?.again ?? 0;
    await print([
      clean(`${route}: what is at ${evidence.destination} is its destination now`),
      ...(copied > 0 ? [clean(`${route}: ${copyAgainText(copied)}`)] : []),
      ...(copied === 0 && missing > 0 ? [notCopiedText(missing)] : []),
    ]);
    return exitCode.done;
  });
}

function copyAgainText(count: number): string {
  return count === 1 ? '1 file that is not there is copied again' : `${count} files that are not there are copied again`;
}

function notCopiedText(count: number): string {
  return `${count === 1 ? '1 file is' : `${count} files are`} not there and stay so; "sluice retry FILE" copies a file again`;
}

async function isWantedAgain(count: number): Promise<boolean> {
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question(`${count === 1 ? '1 file is' : `${count} files are`} not there; copy them again? [y/N] `);
  asking.close();
  return ['y', 'yes'].includes(answer.trim().toLowerCase());
}

/** A yes is too short for this: the name of the route has to be typed. */
async function isConfirmed(route: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new CommandError('adopt asks before it acts; without a terminal it wants --yes', exitCode.badUsage);
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question(`If this is the destination, type ${JSON.stringify(route)}: `);
  asking.close();
  return answer.trim() === route;
}
