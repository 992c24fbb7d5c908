import { askProbe, askSurvey } from '@sluice/agent';
import { type Config, ConfigError, describeProblem, explainConfig, explainText, unsupportedSettings } from '@sluice/config';
import type { RouteSettings } from '@sluice/core/model';
import { exposedAbove } from '@sluice/platform';
import { clean, cleanJson, exitCode, findingText } from '@sluice/words';
import { limits } from '../../limits.ts';
import { complain, print } from '../../output.ts';
import { markerKnownOn } from '../ask/agent-or-journal.ts';
import { addConfigOptions, type ConfigOptions, load } from '../base/options.ts';
import type { Program } from '../base/program.ts';
import { runAs } from './as-user.ts';
import { type CheckCode, findingsOf, type RouteCheck } from './check-findings.ts';
import {
  type DestinationProbed,
  destinationIsGood,
  destinationText,
  proofWarning,
  roomChecked,
  type SourceSurveyed,
  sourceIsGood,
  sourceText,
} from './folder-words.ts';
import { hookProblems } from './hook-check.ts';

interface CheckOptions extends ConfigOptions {
  readonly json?: boolean;
  readonly as?: string;
}

/** Adds the command `check`. */
export function addCheck({ command, does }: Program): void {
  addConfigOptions(command.command('check'))
    .description('validate the configuration and check every folder; changes nothing but its own probe file')
    .option('--as <user>', 'check the folders with the rights of this user (needs root)')
    .option('--json', 'as JSON')
    .action(does(check));
}

async function check(options: CheckOptions): Promise<number> {
  if (options.as !== undefined) return await runAs(options.as);
  const config = await loadOrList(options);
  if (config === null) return exitCode.badUsage;
  const unsupported = unsupportedSettings(config).map(describeProblem);
  const routes = await checkRoutes(config.routes, markerKnownOn(config.stateDir));
  const hooks = await hookProblems(config);
  const problems = [...unsupported, ...hooks];
  const isGood = problems.length === 0 && routes.every(isGoodRoute);
  await print(options.json === true ? [cleanJson(asJson(config, routes, problems, isGood))] : asText(config, routes).map(clean));
  for (const problem of hooks) complain(clean(problem));
  for (const problem of unsupported) complain(clean(problem));
  if (unsupported.length > 0) return exitCode.badUsage;
  return isGood ? exitCode.done : exitCode.notAsAsked;
}

/** Prints every mistake on its own line: other commands name only the first, and refer to `check`. @returns null if there is one */
async function loadOrList(options: CheckOptions): Promise<Config | null> {
  try {
    return await load(options);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems) complain(clean(`sluice: ${describeProblem(problem)}`));
    return null;
  }
}

function isGoodRoute(each: RouteCheck): boolean {
  return sourceIsGood(each.source) && destinationIsGood(each.destination) && mayBeCopied(roomOf(each));
}

/** Files that do not all fit may have been copied already. */
function mayBeCopied(room: ReturnType<typeof roomChecked>): boolean {
  return room === null || room.code === 'not_all_fit';
}

function roomOf({ route, source, destination }: RouteCheck): ReturnType<typeof roomChecked> {
  return roomChecked(source, destination, route.space.keepFree);
}

/**
 * Checks all routes. Destinations come first: their markers identify them, and a source may contain one of them.
 *
 * @param markerOf returns the marker by which the agent of this configuration knows a destination, so that `check` reports WRONG
 *   DISK when the agent would
 */
async function checkRoutes(routes: readonly RouteSettings[], markerOf: (route: RouteSettings) => string | null): Promise<RouteCheck[]> {
  const destinations = await Promise.all(routes.map((route) => askProbe(route, route.probe.deadlineMs, markerOf(route))));
  const ownMarkers = destinations.flatMap((found) => (found.kind === 'good' ? (found.marker ?? []) : []));
  const sources = await Promise.all(routes.map((route) => askSurvey(route, ownMarkers, limits.surveyDeadlineMs)));
  return routes.flatMap((route, index) => {
    const [source, destination] = [sources[index], destinations[index]];
    return source === undefined || destination === undefined ? [] : [{ route, source, destination }];
  });
}

function asJson(config: Config, routes: readonly RouteCheck[], problems: readonly string[], ok: boolean): object {
  return {
    v: 1,
    ok,
    file: config.origin.file,
    stateDir: config.stateDir,
    stateDirExposedBy: exposedAbove(config.stateDir),
    problems,
    settings: explainConfig(config),
    routes: routes.map((each) => ({
      name: each.route.name,
      findings: findingsOf(each),
      source: { path: each.route.source, ...each.source },
      destination: { ...destinationJson(each.destination, each.route.destination), room: roomOf(each)?.text ?? null },
    })),
  };
}

function destinationJson(destination: DestinationProbed, path: string): object {
  const texts = destination.kind === 'bad' ? findingText({ ...destination, destination: path }) : {};
  return { path, ...destination, ...texts, text: destinationText(destination, path), proof: proofWarning(destination) };
}

function asText(config: Config, routes: readonly RouteCheck[]): string[] {
  return [
    `configuration: ${config.origin.file ?? 'from the command line'}`,
    `state folder:  ${config.stateDir}`,
    ...exposedAbove(config.stateDir).map(({ folder, why }) => `  warning      other users may replace it, through ${folder}: ${why}`),
    '',
    ...routes.flatMap(routeLines),
    ...explainText(config).split('\n'),
  ];
}

/** Findings that the lines about the source and the destination do not include. */
const isWarning: ReadonlySet<CheckCode> = new Set([
  'source_not_watched',
  'no_room',
  'file_too_large',
  'not_all_fit',
  'verified_from_cache',
  'verified_by_size',
  'removal_unproven',
  'removal_weak',
  'removal_without_links',
]);

function routeLines(check: RouteCheck): string[] {
  const { route, source, destination } = check;
  const warnings = findingsOf(check).filter(({ code }) => isWarning.has(code));
  return [
    `route ${route.name}`,
    `  source       ${route.source} ${sourceText(source)}`,
    ...('kind' in source ? [] : source.leftAlone.map(leftLine)),
    ...('kind' in source ? [] : source.unmatched.map(unmatchedLine)),
    ...('kind' in source ? [] : invalidLines(source)),
    `  destination  ${route.destination} ${destinationText(destination, route.destination)}`,
    ...warnings.map(({ text }) => `  warning      ${text}`),
    '',
  ];
}

function invalidLines({ invalidNames, invalidCount }: Surveyed): string[] {
  const more = invalidCount - invalidNames.length;
  return [
    ...invalidNames.map((name) => `    cannot be copied, because its name is not valid UTF-8: ${name}`),
    ...(more > 0 ? [`    and ${more} more names that are not valid UTF-8`] : []),
  ];
}

type Surveyed = Extract<SourceSurveyed, { taken: number }>;

/** `    left alone by empty (it is empty): CLIP/empty.txt` */
export function leftLine({ rule, pattern, sentence, count, examples }: Surveyed['leftAlone'][number]): string {
  const more = count > examples.length ? `, and ${count - examples.length} more` : '';
  const by = pattern === null ? `${rule} (${sentence})` : `${rule}, exclude ${JSON.stringify(pattern)}`;
  return `    left alone by ${by}: ${examples.join(', ')}${more}`;
}

function unmatchedLine({ setting, pattern }: Surveyed['unmatched'][number]): string {
  return `    warning      ${setting} ${JSON.stringify(pattern)} matches nothing in the source`;
}
