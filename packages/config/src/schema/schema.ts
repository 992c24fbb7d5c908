import { weekdays } from '@sluice/core/model';
import * as v from 'valibot';
import { limits } from '../limits.ts';
import { command } from './command.ts';
import { choice, count, diskAmount, duration, flag, folder, modes, rate, share, size, text } from './kinds.ts';
import { patterns } from './pattern.ts';
import { clockTime, days } from './times.ts';

/** A setting with its default as it would be written in `sluice.toml`, and a line for `--help`. */
function setting<const Schema extends v.GenericSchema, const Default extends v.InferInput<NoInfer<Schema>>>(
  schema: Schema,
  unless: Default,
  description: string,
) {
  return v.optional(v.pipe(schema, v.description(description)), unless as v.InferInput<Schema>);
}

const patternsExpected = 'expected a list of patterns of relative paths, such as ["*.mxf", "proxy/"]';
const controlCharacter = /\p{Cc}/u;
const isSuffix = (suffix: string) =>
  suffix.split('{n}').length === 2 && suffix.length <= 64 && !/[/\\:*?"<>|]/.test(suffix) && !controlCharacter.test(suffix);
/** Returns whether a text can be the name of a route. */
export const isRouteName = (name: string) => /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name);

/** The settings of `[agent]`. */
export const agentKeys = {
  state_dir: setting(folder('expected a folder path'), '', 'the folder of the journal, the control socket and the log'),
  lanes: setting(count(1, 128), 4, 'how many stable copies run at the same time, per destination'),
  growing_lanes: setting(count(1, 128), 16, 'how many growing copies run at the same time, per destination'),
  small_size: setting(
    size(0),
    '1MB',
    'files up to this size are copied 64 at a time in each of `lanes`, 256 at most, unless `lanes` is 1; "0": off',
  ),
  stop_after: setting(duration(0), '10s', 'how long a stop may take, also while the journal cannot be written'),
  socket_group: setting(
    text('expected the name of a group', (name) => /^[A-Za-z0-9_.-]{0,64}$/.test(name)),
    '',
    'a group whose members may watch and steer the agent',
  ),
  on_attention: setting(command(['{summary}', '{route}']), [], 'a command to run when something needs a person'),
  metrics_file: setting(
    folder('expected the path of a file'),
    '',
    'a file of metrics in the text format of Prometheus, replaced every 15 s',
  ),
  attention_after: setting(duration(0), '1m', 'how long a destination or source may be offline before `on_attention` is run'),
  on_done: setting(command([]), [], 'a command to run for finished files, in batches; it gets them as JSON lines on standard input'),
};

/** The settings of `[journal]`. */
export const journalKeys = {
  keep_days: setting(count(1, 36_500), 90, 'records of files that ended longer ago, in days, are removed'),
};

/** The settings of `[log]`. */
export const logKeys = {
  level: setting(choice(['debug', 'info', 'warn', 'error']), 'info', 'the least important lines to write'),
  max_size: setting(size(1000), '10MB', 'the size at which a log file is rotated'),
  keep: setting(count(0, 1000), 5, 'how many rotated log files to keep'),
};

/** The settings of `[[route]]` without its tables. */
export const routeKeys = {
  name: setting(
    text('expected a name: letters, digits, ".", "_" and "-", beginning with a letter or a digit, at most 64', isRouteName),
    'default',
    'the name of the route',
  ),
  source: setting(folder('expected a folder path'), '', 'the folder to copy from'),
  destination: setting(folder('expected a folder path'), '', 'the folder to copy to'),
  include: setting(patterns(`${patternsExpected}, with at least one`, 1), ['**/*'], 'patterns of the files to copy'),
  exclude: setting(patterns(patternsExpected, 0), [], 'patterns of the files and folders to leave alone'),
  stable_after: setting(duration(1), '30s', 'how long a file must stay unchanged before it is copied'),
  stuck_after: setting(duration(1), '15m', 'a file that still changes after this time needs you'),
  scan_every: setting(duration(10), '5s', 'the shortest time between two scans of the source'),
  scan_share: setting(share(0.001), '2%', 'the share of one processor core that scanning may use on average'),
  verify: setting(choice(['readback', 'size']), 'readback', 'how copies are verified: by reading them back, or by size only'),
  destination_mode: setting(modes(), '', 'permissions of copies, files/folders (default: those of the source)'),
  max_rate: setting(rate(), '', 'the limit of bytes written per second'),
  stall_after: setting(duration(1), '2s', 'how long a copy may make no progress before Sluice probes the destination'),
  stall_max: setting(duration(1), '2m', 'how long a copy may make no progress while the destination answers its probes'),
  max_attempts: setting(count(1, 1000), 5, 'attempts before a file needs you'),
  guard: setting(choice(['marker', 'none']), 'marker', 'how Sluice recognizes the destination: by its marker file, or not at all'),
  after_copy: setting(choice(['keep', 'delete', 'archive']), 'keep', 'what happens to the source file after the copy'),
  after_copy_wait: setting(duration(0), '1h', 'how long the source file must be unchanged before that'),
  after_copy_proof: setting(choice(['direct', 'weak']), 'direct', 'the kind of verification required for that'),
  on_rename: setting(
    choice(['copy', 'link']),
    'copy',
    'a copied file that is renamed: copy it again, or link its copy where that is possible',
  ),
  before_probe: setting(
    command(['{route}', '{destination}']),
    [],
    'a command to run before an offline destination is probed, at most once a minute, such as one that mounts it',
  ),
  source_warn_below: setting(diskAmount(), '10GB', 'free room at the source below which it needs you; "0": never'),
  archive_dir: setting(folder('expected a folder path'), '', 'the folder for archived source files, on the filesystem of the source'),
  remove_empty_dirs: setting(flag(), false, 'with after_copy: also remove folders of the source that this leaves empty'),
};

/** The settings of `[route.growing]`. */
export const growingKeys = {
  enabled: setting(flag(), true, 'copy files while they grow'),
  include: setting(
    patterns(patternsExpected, 0),
    ['**/*.{mxf,mov,mp4,m4v,ts,mts,m2ts,mkv,avi,wav,bwf,braw,dv}'],
    'patterns of the files that may be copied while they grow',
  ),
  visible: setting(flag(), true, 'use the final name while the file grows, instead of a hidden temporary file'),
  min_size: setting(size(0), '20MB', 'smaller files are not copied while they grow'),
  safety_margin: setting(size(0), '10MB', 'how many bytes to stay behind the end of a growing file'),
  poll: setting(duration(10), '1s', 'time between two checks of a growing file'),
  quiet_for: setting(duration(1), '30s', 'a growing file that is unchanged for this time is finished'),
};

/** The settings of `[route.recovery]`. */
export const recoveryKeys = {
  rename: setting(choice(['always', 'when_taken']), 'always', 'when the copy after a failed one gets a new name'),
  suffix: setting(
    text('a suffix must contain {n} once, and none of / \\ : * ? " < > |, such as "_{n}"', isSuffix),
    '_{n}',
    'what is added to such a name before its extension',
  ),
  leftover: setting(choice(['keep', 'mark']), 'keep', 'whether a visible failed copy keeps its name or is marked'),
  max_visible: setting(count(0, 1000), 3, 'how many visible failed copies of one file to allow before copies are hidden'),
};

/** The settings of `[route.space]`. */
export const spaceKeys = {
  keep_free: setting(diskAmount(), '2GB', 'free room that Sluice never uses'),
  warn_below: setting(diskAmount(), '5%', 'free room below which Sluice warns'),
  retry_every: setting(duration(10), '30s', 'time between two checks of a full destination'),
};

/** The settings of `[route.probe]`. */
export const probeKeys = {
  open: setting(duration(10), '5s', 'time between two probes of a destination that answers'),
  closed: setting(duration(10), '1s', 'time between two probes of a destination that is offline'),
  deadline: setting(duration(10), '10s', 'how long a probe may take before it has failed'),
  settle: setting(duration(0), '10s', 'how long a destination that comes and goes must answer before it is online'),
};

/** The settings of `[[route.rate]]`. */
export const rateKeys = {
  from: setting(clockTime(0, 1_439), '', 'when it begins, by the local clock, such as "08:00"; required'),
  to: setting(clockTime(1, 1_440), '', 'when it ends, such as "18:00"; before `from`: on the next day; required'),
  days: setting(days(), [...weekdays], 'the days on which it begins'),
  max_rate: setting(rate(), '', 'the limit of bytes written per second meanwhile; "": none'),
};

/** The tables inside `[[route]]`. */
export const routeTables = { growing: growingKeys, recovery: recoveryKeys, space: spaceKeys, probe: probeKeys };

function table<const Entries extends v.ObjectEntries>(entries: Entries, expected: string) {
  return v.pipe(v.custom<v.InferInput<v.ObjectSchema<Entries, undefined>>>(isTable, expected), v.object(entries));
}

/** Arrays and dates are objects in JavaScript, but not tables in TOML. */
function isTable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function subtable<const Entries extends v.ObjectEntries>(entries: Entries, name: string) {
  return v.optional(table(entries, `expected a table, written [${name}]`), {} as v.InferInput<v.ObjectSchema<Entries, undefined>>);
}

function rows<const Entries extends v.ObjectEntries>(entries: Entries, name: string) {
  const expected = `expected tables, each written [[${name}]]`;
  const several = v.pipe(
    v.array(table(entries, expected), expected),
    v.maxLength(limits.rateRows, `expected at most ${limits.rateRows} of them`),
  );
  return v.optional(several, []);
}

const routeTable = table(
  {
    ...routeKeys,
    growing: subtable(growingKeys, 'route.growing'),
    recovery: subtable(recoveryKeys, 'route.recovery'),
    space: subtable(spaceKeys, 'route.space'),
    probe: subtable(probeKeys, 'route.probe'),
    rate: rows(rateKeys, 'route.rate'),
  },
  'expected routes, each written [[route]]',
);

/** The whole of `sluice.toml`. Unknown keys are found elsewhere, with their lines (`unknown-keys.ts`). */
export const configSchema = v.object({
  agent: subtable(agentKeys, 'agent'),
  journal: subtable(journalKeys, 'journal'),
  log: subtable(logKeys, 'log'),
  route: v.optional(v.array(routeTable, 'expected routes, each written [[route]]'), []),
});

/** A valid `sluice.toml` as values. */
export type FileConfig = v.InferOutput<typeof configSchema>;
/** A valid `[[route]]` as values. */
export type RouteTable = FileConfig['route'][number];
