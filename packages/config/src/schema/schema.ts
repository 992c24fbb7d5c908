import * as v from 'valibot';
import { command } from './command.ts';
import { choice, count, diskAmount, duration, flag, folder, modes, rate, share, size, text } from './kinds.ts';
import { patterns } from './pattern.ts';

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
export const isRouteName = (name: string) => /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name);

export const agentKeys = {
  state_dir: setting(folder('expected a folder'), '', 'the journal, the control socket and the log'),
  lanes: setting(count(1, 128), 4, 'stable copies at once, per destination'),
  growing_lanes: setting(count(1, 128), 16, 'growing copies at once, per destination'),
  small_size: setting(size(0), '1MB', 'of files up to this size 32 are copied for each of `lanes`, 256 at most, unless that is 1; 0: none'),
  stop_after: setting(duration(0), '10s', 'how long a stop may take, also one while the journal cannot be written'),
  socket_group: setting(
    text('expected the name of a group', (name) => /^[A-Za-z0-9_.-]{0,64}$/.test(name)),
    '',
    'a group that may watch and steer',
  ),
  on_attention: setting(command(['{summary}', '{route}']), [], 'a command run when something needs a person'),
  attention_after: setting(duration(0), '1m', 'how long something stops the work before that'),
};

export const journalKeys = {
  keep_days: setting(count(1, 36_500), 90, 'ended files older than this are pruned'),
};

export const logKeys = {
  level: setting(choice(['debug', 'info', 'warn', 'error']), 'info', 'the least important line that is written'),
  max_size: setting(size(1000), '10MB', 'a log file is rotated at this size'),
  keep: setting(count(0, 1000), 5, 'rotated log files that are kept'),
};

/** `[[route]]` without its tables. */
export const routeKeys = {
  name: setting(
    text('expected a name: letters, digits, ".", "_" and "-", beginning with a letter or a digit, at most 64', isRouteName),
    'default',
    'the name of the route',
  ),
  source: setting(folder('expected a folder'), '', 'the folder that is watched'),
  destination: setting(folder('expected a folder'), '', 'the folder that files are carried to'),
  include: setting(patterns(`${patternsExpected}, with at least one`, 1), ['**/*'], 'patterns of what is copied'),
  exclude: setting(patterns(patternsExpected, 0), [], 'patterns of what is left alone'),
  stable_after: setting(duration(1), '30s', 'how long a file must rest before it is carried'),
  stuck_after: setting(duration(1), '15m', 'still changing after this: needs you'),
  scan_every: setting(duration(10), '5s', 'the shortest time between two scans of the source'),
  scan_share: setting(share(0.001), '2%', 'of one processor core, what scanning may take on average'),
  verify: setting(choice(['readback', 'size']), 'readback', 'how copies are proven'),
  destination_mode: setting(modes(), '', 'permissions of what is carried, files/folders'),
  max_rate: setting(rate(), '', 'the most that is written in a second'),
  stall_after: setting(duration(1), '2s', 'silence that asks for a probe'),
  stall_max: setting(duration(1), '2m', 'patience with storage that is slow but answers'),
  max_attempts: setting(count(1, 1000), 5, 'attempts before a file needs you'),
  guard: setting(choice(['marker', 'none']), 'marker', 'how the destination is known again'),
  after_copy: setting(choice(['keep', 'delete', 'archive']), 'keep', 'what becomes of the source'),
  after_copy_wait: setting(duration(0), '1h', 'time since the last change of the source before that'),
  after_copy_proof: setting(choice(['direct', 'weak']), 'direct', 'the proof that this asks for'),
  on_rename: setting(choice(['copy', 'link']), 'copy', 'a copied file that is renamed: copied again, or its copy linked where that can be'),
  archive_dir: setting(folder('expected a folder'), '', "where archived sources go, on the source's filesystem"),
};

export const growingKeys = {
  enabled: setting(flag(), true, 'copy files while they grow'),
  include: setting(
    patterns(patternsExpected, 0),
    ['**/*.{mxf,mov,mp4,m4v,ts,mts,m2ts,mkv,avi,wav,bwf,braw,dv}'],
    'patterns of what may be copied while it grows',
  ),
  visible: setting(flag(), true, 'under the final name while it grows'),
  min_size: setting(size(0), '20MB', 'smaller files are not copied while they grow'),
  safety_margin: setting(size(0), '10MB', 'distance kept from the end of a growing file'),
  poll: setting(duration(10), '1s', 'time between two looks at a growing file'),
  quiet_for: setting(duration(1), '30s', 'a growing file that rests this long is finished'),
};

export const recoveryKeys = {
  rename: setting(choice(['always', 'when_taken']), 'always', 'when a recovery gets a separate name'),
  suffix: setting(
    text('a suffix must hold {n} once, and none of / \\ : * ? " < > |, such as "_{n}"', isSuffix),
    '_{n}',
    'what such a name has before its extension',
  ),
  leftover: setting(choice(['keep', 'mark']), 'keep', 'what becomes of a visible failed copy'),
  max_visible: setting(count(0, 1000), 3, 'visible leftovers of one file before copies are hidden'),
};

export const spaceKeys = {
  keep_free: setting(diskAmount(), '2GB', 'room that is never used'),
  warn_below: setting(diskAmount(), '5%', 'room that is warned of'),
  retry_every: setting(duration(10), '30s', 'how often a full destination is asked again'),
};

export const probeKeys = {
  open: setting(duration(10), '5s', 'time between two probes of a destination that answers'),
  closed: setting(duration(10), '1s', 'the same of one that does not'),
  deadline: setting(duration(10), '10s', 'silence after which a probe counts as failed'),
  settle: setting(duration(0), '10s', 'how long a flapping destination must answer'),
};

/** The tables inside `[[route]]`. */
export const routeTables = { growing: growingKeys, recovery: recoveryKeys, space: spaceKeys, probe: probeKeys };

function table<const Entries extends v.ObjectEntries>(entries: Entries, expected: string) {
  return v.pipe(v.custom<v.InferInput<v.ObjectSchema<Entries, undefined>>>(isTable, expected), v.object(entries));
}

/** Arrays and dates are objects to JavaScript, not tables to TOML. */
function isTable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function subtable<const Entries extends v.ObjectEntries>(entries: Entries, name: string) {
  return v.optional(table(entries, `expected a table, written [${name}]`), {} as v.InferInput<v.ObjectSchema<Entries, undefined>>);
}

const routeTable = table(
  {
    ...routeKeys,
    growing: subtable(growingKeys, 'route.growing'),
    recovery: subtable(recoveryKeys, 'route.recovery'),
    space: subtable(spaceKeys, 'route.space'),
    probe: subtable(probeKeys, 'route.probe'),
  },
  'expected routes, each written [[route]]',
);

/** The whole of `sluice.toml`. Unknown keys are not its business: they are found with their lines in `positions.ts`. */
export const configSchema = v.object({
  agent: subtable(agentKeys, 'agent'),
  journal: subtable(journalKeys, 'journal'),
  log: subtable(logKeys, 'log'),
  route: v.optional(v.array(routeTable, 'expected routes, each written [[route]]'), []),
});

export type FileConfig = v.InferOutput<typeof configSchema>;
export type RouteTable = FileConfig['route'][number];
