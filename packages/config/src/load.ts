import * as v from 'valibot';
import { limits } from './limits.ts';
import { type FoundFile, findConfigFile, readConfigFile } from './locations/find-file.ts';
import { defaultStateDir, paths, type Surroundings } from './locations/locations.ts';
import type { ResolveFolder } from './locations/resolve.ts';
import { settingOrigins } from './origins.ts';
import { type KeyPath, parseToml, positionOf } from './problems/positions.ts';
import { ConfigError, type Problem, usageProblem } from './problems/problem.ts';
import type { Config, RawConfig } from './routes/config.ts';
import { checkOverlaps, resolveFolders, type Unresolved } from './routes/folders.ts';
import { checkRoutes, routeSettings } from './routes/routes.ts';
import { type GivenOption, type OptionValues, readOptions } from './schema/options.ts';
import { configSchema, type FileConfig } from './schema/schema.ts';
import { findUnknownKeys, headerOf } from './schema/unknown-keys.ts';

/** What a command line says about the configuration. */
export interface LoadInput {
  /** `-c FILE` */
  readonly config?: string | undefined;
  /** `--from DIR`. Together with `to` it makes a single route `default`, without a file. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** `--state DIR` */
  readonly state?: string | undefined;
  /** From `pickOptions`. They override the file, in every route. */
  readonly options?: OptionValues | undefined;
  readonly around: Surroundings;
  /** The file that was read before: it is read again, wherever another one lies by now. */
  readonly again?: Config['origin'] | undefined;
  /** How folders are resolved before they are compared. Pass a function that uses a child process if a mount may hang. */
  readonly resolve?: ResolveFolder | undefined;
}

/**
 * Reads and checks the whole configuration. It accesses folders only to compare their real paths, and creates nothing.
 * @throws ConfigError with every problem found, exit code 2
 */
export async function loadConfig(input: LoadInput): Promise<Config> {
  const { given, problems } = readOptions(input.options ?? {});
  throwIfAny(problems);
  const raw = rawConfig(input);
  const checked = checkValues(raw, withOptions(raw.toml.value, given, input.around));
  throwIfAny(checkRoutes(checked, raw));
  const stateDir = stateDirOf(input, raw, checked);
  const unresolved: Unresolved = {
    agent: {
      lanes: checked.agent.lanes,
      growingLanes: checked.agent.growing_lanes,
      smallSizeBytes: checked.agent.small_size,
      stopAfterMs: checked.agent.stop_after,
      socketGroup: checked.agent.socket_group || null,
      onAttention: checked.agent.on_attention,
      metricsFile: checked.agent.metrics_file === null ? null : paths(input.around).resolve(raw.base, checked.agent.metrics_file),
      attentionAfterMs: checked.agent.attention_after,
      onDone: checked.agent.on_done,
    },
    journal: { keepDays: checked.journal.keep_days },
    log: { level: checked.log.level, maxSizeBytes: checked.log.max_size, keep: checked.log.keep },
    routes: checked.route.map((route) => routeSettings(route, raw.base, input.around)),
    stateDir,
    origin: {
      file: raw.file,
      absoluteFile: raw.absoluteFile,
      location: raw.location,
      settings: settingOrigins(raw, given, checked, { stateDir, wasGiven: input.state !== undefined }),
    },
  };
  const config = { ...unresolved, folders: await resolveFolders(unresolved, input.resolve) };
  throwIfAny(checkOverlaps(config, input.around.platform));
  return config;
}

function throwIfAny(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new ConfigError(problems);
}

function rawConfig(input: LoadInput): RawConfig {
  if (input.from !== undefined || input.to !== undefined) return rawFromFolders(input);
  const found = foundFile(input);
  const toml = parseToml(found.text);
  if ('text' in toml) throw new ConfigError([{ file: found.named, line: toml.line, verb: 'read', text: toml.text }]);
  assertFewRoutes(found.named, toml.value['route']);
  return { file: found.named, location: found.location, base: paths(input.around).dirname(found.file), absoluteFile: found.file, toml };
}

function foundFile({ again, config, around }: LoadInput): FoundFile {
  const { file = null, absoluteFile = null, location = 'user' } = again ?? {};
  if (file === null || absoluteFile === null) return findConfigFile(config, around);
  return readConfigFile({ named: file, file: absoluteFile, location });
}

/** Every pair of routes is compared. Beyond the bound that would take minutes. */
function assertFewRoutes(file: string, routes: unknown): void {
  if (!Array.isArray(routes) || routes.length <= limits.routes) return;
  const text = `it has ${routes.length} [[route]] tables: expected at most ${limits.routes}; split them between agents, each with its own state_dir`;
  throw new ConfigError([{ file, line: null, verb: 'read', text }]);
}

function rawFromFolders({ from, to, config, around }: LoadInput): RawConfig {
  if (config !== undefined)
    throw new ConfigError([usageProblem(`-c ${config} cannot be combined with --from and --to, which define a route themselves`)]);
  if (!from) throw new ConfigError([usageProblem('--to needs --from DIR, the folder to copy from')]);
  if (!to) throw new ConfigError([usageProblem('--from needs --to DIR, the folder to copy to')]);
  const toml = { value: { route: [{ name: 'default', source: from, destination: to }] }, keys: [] };
  return { file: null, location: 'user', base: around.cwd, absoluteFile: null, toml };
}

/** Returns the values with the options put over them, in every route. */
function withOptions(value: Record<string, unknown>, given: readonly GivenOption[], around: Surroundings): unknown {
  const merged = structuredClone(value);
  for (const { option, value: chosen } of given) {
    const { target, path, kind } = option.setting;
    const final = kind === 'path' && typeof chosen === 'string' && chosen !== '' ? paths(around).resolve(around.cwd, chosen) : chosen;
    if (target !== 'route') setDeep(merged, [target, ...path], final);
    else if (Array.isArray(merged['route'])) for (const route of merged['route']) setDeep(route, path, final);
  }
  return merged;
}

/** Sets nothing if a table is expected and there is another value, which the schema reports. */
function setDeep(table: unknown, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (typeof table !== 'object' || table === null || key === undefined) return;
  const record = table as Record<string, unknown>;
  if (rest.length === 0) record[key] = value;
  else setDeep((record[key] ??= {}), rest, value);
}

function checkValues(raw: RawConfig, value: unknown): FileConfig {
  const result = v.safeParse(configSchema, value, { abortPipeEarly: true });
  const problems = raw.file === null ? [] : findUnknownKeys(raw.toml, raw.file);
  if (!result.success) problems.push(...result.issues.map((issue) => wrongValue(raw, issue)));
  if (result.success && problems.length === 0) return result.output;
  throw new ConfigError(problems);
}

function wrongValue(raw: RawConfig, issue: v.BaseIssue<unknown>): Problem {
  const path: KeyPath = (issue.path ?? []).map((item) => item.key as string | number);
  const position = positionOf(raw.toml, path);
  const key = path.findLast((part) => typeof part === 'string') ?? '';
  const around = path.slice(0, path.lastIndexOf(key));
  const what = around.length === 0 ? key : `${key} in ${headerOf(around)}`;
  const found = position === null || position.raw === '' ? '' : ` is ${position.raw}`;
  return { file: raw.file, line: position?.line ?? null, verb: 'read', text: `${what}${found}: ${issue.message}` };
}

function stateDirOf(input: LoadInput, raw: RawConfig, checked: FileConfig): string {
  if (input.state === '') throw new ConfigError([usageProblem('--state is "": expected a folder path')]);
  if (input.state !== undefined) return paths(input.around).resolve(input.around.cwd, input.state);
  if (checked.agent.state_dir !== null) return paths(input.around).resolve(raw.base, checked.agent.state_dir);
  return defaultStateDir(raw.location, raw.absoluteFile, input.around);
}
