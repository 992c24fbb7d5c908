import type { RouteName, RouteSettings } from '@sluice/core/model';
import type { Location } from '../locations/locations.ts';
import type { ParsedToml } from '../problems/positions.ts';
import type { NamedFolder } from './overlap.ts';

/** `[agent]`, resolved. */
interface AgentSettings {
  readonly lanes: number;
  readonly growingLanes: number;
  readonly smallSizeBytes: number;
  readonly stopAfterMs: number;
  readonly socketGroup: string | null;
  /** A command and its arguments. Empty: no command. */
  readonly onAttention: readonly string[];
  /** A command that is run for finished files. Empty: none. */
  readonly onDone: readonly string[];
  /** Absolute path. Null: no file. */
  readonly metricsFile: string | null;
  /** How long the work of a route must be blocked before the command runs, in milliseconds. */
  readonly attentionAfterMs: number;
}

/** `[journal]`, resolved. */
interface JournalSettings {
  readonly keepDays: number;
}

/** The levels of the log, least important first. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** `[log]`, resolved. */
interface LogSettings {
  readonly level: LogLevel;
  readonly maxSizeBytes: number;
  /** Rotated files in addition to the current one. */
  readonly keep: number;
}

/** Where one effective setting came from. */
export interface SettingOrigin {
  readonly route: RouteName | null;
  /** `agent.lanes`, `stable_after`, `growing.min_size`. The key of a route has no table name. */
  readonly key: string;
  /** The value as it would be written in the file. */
  readonly value: string;
  /** The value in force, as JSON. Two ways to write one value, such as `"60s"` and `"1m"`, have the same. */
  readonly inForce: string;
  readonly from: 'default' | 'file' | 'option';
  readonly line: number | null;
  /** The option, such as `--stable-after`. */
  readonly option: string | null;
}

/** Where the configuration came from. */
interface ConfigOrigin {
  /** The path as a person would write it. Null with `--from` and `--to`. */
  readonly file: string | null;
  /** The absolute path of that file. */
  readonly absoluteFile: string | null;
  readonly location: Location;
  /** Every setting, in the order of the contract. */
  readonly settings: readonly SettingOrigin[];
}

/** The whole configuration: checked, with absolute paths, in milliseconds and bytes. */
export interface Config {
  readonly agent: AgentSettings;
  readonly journal: JournalSettings;
  readonly log: LogSettings;
  readonly routes: readonly RouteSettings[];
  /** Absolute, as given or by default. Not resolved, not created. */
  readonly stateDir: string;
  /** Every folder that is named, as given and with its real path. Two agents must not share any of them. */
  readonly folders: readonly NamedFolder[];
  readonly origin: ConfigOrigin;
}

/** Returns where a setting of a route, or of the agent (`route` null), came from. */
export function originOf(config: Config, route: RouteName | null, key: string): SettingOrigin | null {
  return config.origin.settings.find((setting) => setting.route === route && setting.key === key) ?? null;
}

/** A configuration before it is checked: what the file or the options say, as plain values. */
export interface RawConfig {
  readonly file: string | null;
  readonly location: Location;
  /** The absolute folder that relative paths start from. */
  readonly base: string;
  readonly absoluteFile: string | null;
  readonly toml: ParsedToml;
}
