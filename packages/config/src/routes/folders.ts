import type { RouteName } from '@sluice/core/model';
import { mountOf, placeOf, readMounts } from '@sluice/platform';
import { limits } from '../limits.ts';
import { type ResolveFolder, resolvePath } from '../locations/resolve.ts';
import type { Problem } from '../problems/problem.ts';
import { type Config, originOf } from './config.ts';
import { findOverlaps, type NamedFolder } from './overlap.ts';
import { scheme } from './routes.ts';

/** A configuration whose folders are not resolved yet. */
export type Unresolved = Omit<Config, 'folders'>;

/** Returns every folder that is named, with its real path. */
export async function resolveFolders(config: Unresolved, resolve: ResolveFolder = resolvePath): Promise<NamedFolder[]> {
  const folders: NamedFolder[] = [];
  // One after another, so that a hung mount blocks one thread, not all of them.
  for (const folder of namedFolders(config)) {
    const resolved = await resolve(folder.given, limits.resolveDeadlineMs);
    // The mounts are read afterwards, because resolving a path may mount an automount.
    const mounts = readMounts();
    folders.push({ ...folder, resolved, place: placeOf(resolved, mounts), mountId: mountOf(resolved, mounts)?.mountId ?? null });
  }
  return folders;
}

/** Returns a problem for every pair of folders that must not overlap, judged by their real paths. */
export function checkOverlaps(config: Config, platform: NodeJS.Platform): Problem[] {
  return findOverlaps(config.folders, platform).map(({ at, text }) => problemAt(config, at, text));
}

function namedFolders(config: Unresolved): NamedFolder[] {
  const folder = (role: NamedFolder['role'], route: string | null, given: string): NamedFolder => ({ role, route, given, resolved: given });
  const ofRoutes = config.routes.flatMap(({ name, source, destination, archiveDir }) => [
    folder('source', name, source),
    ...(scheme(destination) === null ? [folder('destination', name, destination)] : []),
    ...(archiveDir === null ? [] : [folder('archive_dir', name, archiveDir)]),
  ]);
  const { metricsFile } = config.agent;
  const ofAgent = metricsFile === null ? [] : [folder('metrics_file', null, metricsFile)];
  return [...ofRoutes, folder('state_dir', null, config.stateDir), ...ofAgent];
}

function problemAt(config: Config, { role, route }: NamedFolder, text: string): Problem {
  return settingProblem(config, route as RouteName | null, route === null ? `agent.${role}` : role, text);
}

/** Returns a problem with the value of a valid setting, with the line that the value came from. */
export function settingProblem(config: Config, route: RouteName | null, key: string, text: string): Problem {
  const origin = originOf(config, route, key);
  if (origin?.from === 'option' || config.origin.file === null) {
    return { file: null, line: null, verb: 'use', text: origin?.option ? `cannot use ${origin.option} ${origin.value}: ${text}` : text };
  }
  return { file: config.origin.file, line: origin?.line ?? null, verb: 'use', text: `${key.replace('agent.', '')}: ${text}` };
}
