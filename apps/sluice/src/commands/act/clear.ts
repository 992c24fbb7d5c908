import type { ClearJson } from '@sluice/control';
import { CommandError, clean, cleanJson, countText, exitCode } from '@sluice/words';
import { limits } from '../../limits.ts';
import { print } from '../../output.ts';
import { giver } from '../../requester.ts';
import { folderBelow } from '../audit/audited.ts';
import { knownRoute } from '../base/known-route.ts';
import { addWhereOptions, type WhereOptions, withAgent } from '../base/options.ts';
import type { Program } from '../base/program.ts';

interface ClearOptions extends WhereOptions {
  readonly folder?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly reason?: string;
  readonly json?: boolean;
}

/** Adds the command `clear`. */
export function addClear({ command, does }: Program): void {
  addWhereOptions(command.command('clear'))
    .description('delete at the source exactly the files that "sluice safe" proves to be copied at this moment')
    .argument('<route>', 'the name of a route')
    .option('--folder <dir>', 'only this folder of the source, such as one card')
    .option('--dry-run', 'delete nothing, and say what would be deleted')
    .option('--yes', 'delete')
    .option('--reason <text>', 'why, for the journal')
    .option('--json', 'print one JSON object')
    .action(does(clear));
}

async function clear(route: string, options: ClearOptions): Promise<number> {
  if ((options.dryRun === true) === (options.yes === true)) {
    const what = options.yes === true ? 'either --dry-run or --yes, not both' : '--dry-run to see which files, or --yes to delete them';
    throw new CommandError(`clear deletes files at the source: give ${what}`, exitCode.badUsage);
  }
  const who = giver(options.reason);
  const cleared = await withAgent(options, async (client) => {
    const { source } = await knownRoute(client, route);
    const params = { route, folder: folderToClear(options.folder, source), dryRun: options.dryRun === true, who };
    return await client.request('clear', params, { deadlineMs: limits.clearDeadlineMs });
  });
  await print(options.json === true ? [cleanJson(cleared)] : linesOf(cleared).map(clean));
  return cleared.verdict.ok ? exitCode.done : exitCode.notAsAsked;
}

/** Returns the folder to clear; null: all of the source. @throws CommandError if `--folder` means all of it, as a variable that is not set may */
function folderToClear(given: string | undefined, source: string): string | null {
  const folder = folderBelow(given, [source]);
  if (folder !== null || given === undefined) return folder;
  throw new CommandError(
    `--folder ${JSON.stringify(given)} is all of ${source}: give a folder in it, or leave --folder out to clear all of it`,
    exitCode.badUsage,
  );
}

function linesOf({ verdict, dryRun, names, files, deleted, kept, unsafe, notSafe }: ClearJson): string[] {
  const most = limits.namedFiles;
  const stay = [...kept, ...unsafe];
  const keptNames = new Set(kept.map(({ source }) => source));
  const gone = names.filter((name) => !keptNames.has(name)).slice(0, most);
  return [
    verdict.text,
    ...gone.map((name) => `  ${dryRun ? 'would delete' : 'deleted'} ${name}`),
    ...moreLine((deleted ?? files) - gone.length),
    ...stay.slice(0, most).map(({ source, text }) => `  ${source} stays: ${text}`),
    ...moreLine(kept.length + notSafe - Math.min(stay.length, most)),
  ];
}

function moreLine(count: number): string[] {
  return count > 0 ? [`  and ${countText(count)} more`] : [];
}
