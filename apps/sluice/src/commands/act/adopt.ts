import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { CommandError, clean, evidenceLines, exitCode } from '@sluice/words';
import { limits } from '../../limits.ts';
import { print } from '../../output.ts';
import { giver } from '../../requester.ts';
import { knownRoute } from '../base/known-route.ts';
import { addWhereOptions, type WhereOptions, withAgent } from '../base/options.ts';
import type { Program } from '../base/program.ts';

interface AdoptOptions extends WhereOptions {
  readonly reason?: string;
  readonly yes?: boolean;
  readonly again?: boolean;
}

/** Adds the command `adopt`. */
export function addAdopt({ command, does }: Program): void {
  addWhereOptions(command.command('adopt'))
    .description('accept the disk or folder at a destination, or at a source, from now on; shows the evidence and asks first')
    .argument('<route>', 'the name of a route')
    .option('--reason <text>', 'why, for the journal')
    .option('--yes', 'do not ask')
    .option('--again', 'copy again the copied files that are missing there, or have another size')
    .action(does(adopt));
}

async function adopt(route: string, options: AdoptOptions): Promise<number> {
  const who = giver(options.reason);
  return await withAgent(options, async (client) => {
    await knownRoute(client, route);
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
      ...(evidence.otherSource === undefined
        ? []
        : [
            clean(
              `${route}: the disk at ${evidence.otherSource.path} is the source from now on; what was copied from an earlier one is not removed`,
            ),
          ]),
      clean(`${route}: ${evidence.destination} as it is now is its destination`),
      ...(copied > 0 ? [clean(`${route}: ${copyAgainText(copied)}`)] : []),
      ...(copied === 0 && missing > 0 ? [notCopiedText(missing)] : []),
    ]);
    return exitCode.done;
  });
}

function copyAgainText(count: number): string {
  return count === 1 ? 'Sluice copies the 1 missing file again' : `Sluice copies the ${count} missing files again`;
}

function notCopiedText(count: number): string {
  const what = count === 1 ? '1 file is' : `${count} files are`;
  return `${what} missing or changed there and will not be copied again; to copy them, run "sluice retry FILE", where "*" stands for all`;
}

async function isWantedAgain(count: number): Promise<boolean> {
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question(
    `${count === 1 ? '1 copied file is' : `${count} copied files are`} missing or changed there. Copy ${count === 1 ? 'it' : 'them'} again? [y/N] `,
  );
  asking.close();
  return ['y', 'yes'].includes(answer.trim().toLowerCase());
}

/** A yes is too easy for this, so the name of the route has to be typed. */
async function isConfirmed(route: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new CommandError('adopt asks before it acts, and there is no terminal to ask on: give --yes', exitCode.badUsage);
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question(`If this is the right destination, type ${JSON.stringify(route)}: `);
  asking.close();
  return answer.trim() === route;
}
