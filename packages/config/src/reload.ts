import process from 'node:process';
import type { RouteName, RouteSettings } from '@sluice/core/model';
import type { Problem } from './problems/problem.ts';
import type { Config, SettingOrigin } from './routes/config.ts';
import { checkOverlaps } from './routes/folders.ts';
import type { NamedFolder } from './routes/overlap.ts';

const laneReason = 'the copy processes have as many threads as they were started for';

/** Settings that a running agent cannot change, and why. Keys have the name of their table. */
const reasons: Readonly<Record<string, string>> = {
  'agent.state_dir': 'the journal and the control socket of the running agent are in this folder',
  'agent.socket_group': 'the agent sets the group of its socket and of the state folder when it starts',
  'agent.lanes': laneReason,
  'agent.growing_lanes': laneReason,
  'agent.small_size': laneReason,
  'journal.keep_days': 'the agent removes old records by the value with which it opened the journal',
  'route.source': 'the tracked files of the route are those of the present folder',
  'route.destination': 'running copies write into the present folder, and its marker is the one that is known',
  'route.guard': 'the present destination was recognized in this way',
  'route.archive_dir': 'source files may be on their way into the present folder',
};

/** A setting that a reload changes, with values in the syntax of the file. */
export interface SettingChange {
  /** Null: a setting of the agent. */
  readonly route: RouteName | null;
  /** `stable_after`, `growing.min_size`; with the name of its table if `route` is null, as in `agent.lanes`. */
  readonly key: string;
  readonly before: string;
  readonly after: string;
  /** Why the change takes effect only after a restart. Null: it takes effect at once. */
  readonly needsRestart: string | null;
}

/** The plan for applying a configuration that was read again. */
export interface ReloadPlan {
  /** The configuration that is then in force: the new one, with the present values of settings that need a restart. */
  readonly config: Config;
  readonly changes: readonly SettingChange[];
  readonly added: readonly RouteName[];
  readonly removed: readonly RouteName[];
  /** Problems with the folders until the restart, or while the last copies of removed routes run. */
  readonly problems: readonly Problem[];
}

/**
 * Plans a reload.
 * @param running what is in force now
 * @param next a valid configuration
 * @param leaving the folders of removed routes whose last copies still run
 */
export function planReload(running: Config, next: Config, leaving: readonly NamedFolder[] = []): ReloadPlan {
  const names = (config: Config): RouteName[] => config.routes.map(({ name }) => name);
  const removed = names(running).filter((name) => !names(next).includes(name));
  const config = withPresent(running, next);
  // A route that is added again while its last copies run continues unchanged.
  const others = leaving.filter(({ route }) => !names(next).some((name) => name === route));
  const gone = running.folders.filter(({ route }) => removed.some((name) => name === route));
  const used: Config = { ...config, folders: [...config.folders, ...gone, ...others] };
  return {
    config,
    changes: changesOf(running, next),
    added: names(next).filter((name) => !names(running).includes(name)),
    removed,
    problems: checkOverlaps(used, process.platform).map((problem) => ({ ...problem, text: `${problem.text}. ${untilThen}` })),
  };
}

const untilThen =
  'A running agent keeps the folders of a route until its last copy has ended, and other folders of a route until a restart: reload once without this change, or restart the agent';

/** Returns the changes of the routes in both configurations, and of the agent's own settings. */
function changesOf(running: Config, next: Config): SettingChange[] {
  const before = Map.groupBy(running.origin.settings, settingKey);
  const after = Map.groupBy(next.origin.settings, settingKey);
  const isKept = (route: RouteName | null): boolean =>
    route === null || [running, next].every(({ routes }) => routes.some(({ name }) => name === route));
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((id) => {
    const [old = [], now = []] = [before.get(id), after.get(id)];
    const [first = old[0]] = now;
    if (first === undefined || !isKept(first.route) || inForce(old) === inForce(now)) return [];
    const { route, key } = first;
    return [{ route, key, before: written(old), after: written(now), needsRestart: restartReason(route === null ? key : `route.${key}`) }];
  });
}

function settingKey({ route, key }: SettingOrigin): string {
  return JSON.stringify([route, key]);
}

function inForce(settings: readonly SettingOrigin[]): string {
  return settings.map((setting) => setting.inForce).join();
}

/** Returns the values as text. A route may have several `[[route.rate]]`, or none. */
function written(settings: readonly SettingOrigin[]): string {
  const values = settings.map(({ value }) => value);
  const isRows = settings.some(({ key }) => key === 'rate') || settings.length === 0;
  return isRows ? `[${values.join(', ')}]` : (values[0] ?? '');
}

/** Returns the new configuration with the present values of settings that need a restart. */
function withPresent(running: Config, next: Config): Config {
  const { lanes, growingLanes, smallSizeBytes, socketGroup } = running.agent;
  const present = new Map(running.routes.map((route) => [route.name, route]));
  const settings = new Map(running.origin.settings.map((setting) => [settingKey(setting), setting]));
  return {
    agent: { ...next.agent, lanes, growingLanes, smallSizeBytes, socketGroup },
    journal: running.journal,
    log: next.log,
    routes: next.routes.map((route) => withPresentFolders(route, present.get(route.name))),
    stateDir: running.stateDir,
    folders: [
      ...running.folders.filter(({ route, role }) => role === 'state_dir' || next.routes.some(({ name }) => name === route)),
      ...next.folders.filter(({ route, role }) => role === 'metrics_file' || (route !== null && !present.has(route as RouteName))),
    ],
    origin: {
      ...next.origin,
      settings: next.origin.settings.map((setting) => {
        const isKept = restartReason(setting.route === null ? setting.key : `route.${setting.key}`) !== null;
        return isKept ? (settings.get(settingKey(setting)) ?? setting) : setting;
      }),
    },
  };
}

function withPresentFolders(route: RouteSettings, present: RouteSettings | undefined): RouteSettings {
  if (present === undefined) return route;
  const { source, destination, archiveDir, guard } = present;
  return { ...route, source, destination, archiveDir, guard };
}

/** Returns why a setting takes effect only after a restart, or null. @param key `agent.lanes`, `route.growing.min_size` */
function restartReason(key: string): string | null {
  return Object.hasOwn(reasons, key) ? (reasons[key] ?? null) : null;
}
