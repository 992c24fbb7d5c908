import { askSafe, type KnownRoute, safeLine, safeLines } from '@sluice/audit';
import { CommandError, clean, cleanJson, exitCode } from '@sluice/words';
import { limits } from '../../limits.ts';
import { print } from '../../output.ts';
import { addWhereOptions, type WhereOptions } from '../base/options.ts';
import type { Program } from '../base/program.ts';
import { findAudited, folderBelow, routesNamed } from './audited.ts';
import { ProgressLine } from './progress-line.ts';

interface SafeOptions extends WhereOptions {
  readonly folder?: string;
  readonly read?: boolean;
  readonly json?: boolean;
}

export function addSafe({ command, does }: Program): void {
  addWhereOptions(command.command('safe'))
    .description('say whether the source may be cleared: whether every file that is there now has a verified copy')
    .argument('[route]', 'the name of a route; default: all')
    .option('--folder <dir>', 'only this folder of the source, such as one card')
    .option('--read', 'read the bytes at the source and at the destination again')
    .option('--json', 'print one JSON object')
    .action(does(safe));
}

async function safe(route: string | undefined, options: SafeOptions): Promise<number> {
  const place = await findAudited(options);
  const routes = routesFor(routesNamed(place.routes, route), options.folder);
  const folder = folderBelow(
    options.folder,
    routes.map(({ settings }) => settings.source),
  );
  const line = new ProgressLine();
  const reads = options.read === true;
  const answer = await askSafe({ place, routes, folder, reads, onProgress: (progress) => line.show(progress) });
  line.clear();
  await print(
    options.json === true
      ? [cleanJson(safeLine(answer, place.routes, folder, reads))]
      : safeLines(answer, place.routes, folder, { most: limits.namedFiles, reads }).map(clean),
  );
  return answer.isSafe ? exitCode.done : exitCode.notAsAsked;
}

/** Returns the routes for a folder, which belongs to one source. @throws CommandError if it is not clear to which */
function routesFor(routes: readonly KnownRoute[], folder: string | undefined): readonly KnownRoute[] {
  const sources = new Set(routes.map(({ settings }) => settings.source));
  if (folder === undefined || sources.size <= 1) return routes;
  const names = routes.map(({ settings }): string => settings.name).join(', ');
  throw new CommandError(`--folder needs the name of a route, because the sources differ: ${names}`, exitCode.badUsage);
}
