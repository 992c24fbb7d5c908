import { type RouteSettings, routeName } from '@sluice/core/model';
import * as v from 'valibot';
import { paths, type Surroundings } from '../locations/locations.ts';
import { positionOf } from '../problems/positions.ts';
import type { Problem } from '../problems/problem.ts';
import { configSchema, type FileConfig, isRouteName, type RouteTable } from '../schema/schema.ts';
import { timeText } from '../schema/times.ts';
import type { RawConfig } from './config.ts';

/** Finds what the schema of a single value cannot: keys that are missing, named twice, or required by another setting. */
export function checkRoutes(config: FileConfig, raw: RawConfig): Problem[] {
  const problem = (index: number, key: string, text: string): Problem => {
    const line = positionOf(raw.toml, ['route', index, key])?.line ?? null;
    return { file: raw.file, line, verb: 'read', text };
  };
  if (config.route.length === 0)
    return [
      { file: raw.file, line: null, verb: 'read', text: 'it has no [[route]]: expected at least one, with a source and a destination' },
    ];
  return config.route.flatMap((route, index) => [
    ...nameTwice(config, index).map((text) => problem(index, 'name', text)),
    ...missingFolders(route).map(([key, text]) => problem(index, key, text)),
    ...wrongTogether(route).map(([key, text]) => problem(index, key, text)),
    ...wrongRates(route).map(([row, text]) => {
      const line = positionOf(raw.toml, ['route', index, 'rate', row])?.line ?? null;
      return { file: raw.file, line, verb: 'read' as const, text };
    }),
  ]);
}

/** @returns the index of each wrong row, and what is wrong */
function wrongRates({ name, rate }: RouteTable): [number, string][] {
  const where = `[[route.rate]] of route "${name}"`;
  return rate.flatMap(({ from, to }, row): [number, string][] => {
    if (from === null) return [[row, `${where} has no from: expected a time of the day, such as from = "08:00"`]];
    if (to === null) return [[row, `${where} has no to: expected a time of the day, such as to = "18:00"`]];
    if (from !== to) return [];
    return [[row, `${where} begins and ends at "${timeText(from)}": for the whole day, write from = "00:00" and to = "24:00"`]];
  });
}

function nameTwice(config: FileConfig, index: number): string[] {
  const name = config.route[index]?.name ?? '';
  const first = config.route.findIndex((route) => route.name.toLowerCase() === name.toLowerCase());
  if (first === index) return [];
  return [`name in [[route]] is "${name}", which is also the name of route ${first + 1}: give each route its own name`];
}

function missingFolders(route: RouteTable): [string, string][] {
  const missing = (['source', 'destination'] as const).filter((key) => route[key] === null);
  return missing.map((key) => [key, `[[route]] "${route.name}" has no ${key}: expected a folder path`]);
}

function wrongTogether(route: RouteTable): [string, string][] {
  const wrong: [string, string][] = [];
  if (route.source !== null && scheme(route.source) !== null)
    wrong.push(['source', `source in [[route]] is "${route.source}": expected a folder on this machine`]);
  const kind = route.destination === null ? null : scheme(route.destination);
  if (kind !== null && kind !== 'sftp')
    wrong.push(['destination', `destination in [[route]] is "${route.destination}": expected a folder, such as a mounted share`]);
  if (route.after_copy === 'archive' && route.archive_dir === null)
    wrong.push(['after_copy', `after_copy in [[route]] is "archive": archive_dir is missing; expected the folder to archive to`]);
  return wrong;
}

/** Returns `sftp` for `sftp://user@host/path`, and null for a path. */
export function scheme(text: string): string | null {
  return /^([a-z][a-z0-9+.-]+):\/\//i.exec(text)?.[1]?.toLowerCase() ?? null;
}

/** Returns one route in the form that core uses: absolute paths, milliseconds, bytes. */
export function routeSettings(route: RouteTable, base: string, around: Surroundings): RouteSettings {
  const absolute = (folder: string) => (scheme(folder) === null ? paths(around).resolve(base, folder) : folder);
  return {
    name: routeName(route.name),
    source: absolute(route.source ?? ''),
    destination: absolute(route.destination ?? ''),
    include: route.include,
    exclude: route.exclude,
    stableAfterMs: route.stable_after,
    stuckAfterMs: route.stuck_after,
    scanEveryMs: route.scan_every,
    scanShare: route.scan_share,
    verify: route.verify,
    destinationMode: route.destination_mode,
    maxRateBytesPerSecond: route.max_rate,
    rates: route.rate.map(rateRow),
    stallAfterMs: route.stall_after,
    stallMaxMs: route.stall_max,
    maxAttempts: route.max_attempts,
    guard: route.guard,
    afterCopy: route.after_copy,
    afterCopyWaitMs: route.after_copy_wait,
    afterCopyProof: route.after_copy_proof,
    onRename: route.on_rename,
    beforeProbe: route.before_probe,
    sourceWarnBelow: route.source_warn_below,
    archiveDir: route.archive_dir === null ? null : absolute(route.archive_dir),
    removeEmptyDirs: route.remove_empty_dirs,
    growing: growingSettings(route.growing),
    recovery: {
      rename: route.recovery.rename,
      suffix: route.recovery.suffix,
      leftover: route.recovery.leftover,
      maxVisible: route.recovery.max_visible,
    },
    space: { keepFree: route.space.keep_free, warnBelow: route.space.warn_below, retryEveryMs: route.space.retry_every },
    probe: { openMs: route.probe.open, closedMs: route.probe.closed, deadlineMs: route.probe.deadline, settleMs: route.probe.settle },
  };
}

/** Returns a route with the default of every setting, to check its folders before there is a configuration. */
export function routeWithDefaults(folders: { readonly source: string; readonly destination: string }, around: Surroundings): RouteSettings {
  const { route } = v.parse(configSchema, { route: [folders] });
  return routeSettings(route[0] as RouteTable, around.cwd, around);
}

/** Returns a name for a route without one: that of the last folder of its source that is a valid name. */
export function suggestedRouteName(source: string): string {
  const name = source.split(/[/\\]/).findLast((part) => part !== '') ?? '';
  return isRouteName(name) ? name : 'ingest';
}

function rateRow({ from, to, days, max_rate }: RouteTable['rate'][number]): RouteSettings['rates'][number] {
  return { fromMinute: from ?? 0, toMinute: to ?? 0, days, bytesPerSecond: max_rate };
}

function growingSettings(growing: RouteTable['growing']): RouteSettings['growing'] {
  return {
    enabled: growing.enabled,
    include: growing.include,
    visible: growing.visible,
    minSizeBytes: growing.min_size,
    safetyMarginBytes: growing.safety_margin,
    pollMs: growing.poll,
    quietForMs: growing.quiet_for,
  };
}
