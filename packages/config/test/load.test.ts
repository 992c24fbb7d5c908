import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { explainConfig, explainText } from '../src/explain.ts';
import { loadConfig } from '../src/load.ts';
import { ConfigError } from '../src/problems/problem.ts';
import { unsupportedSettings } from '../src/routes/unsupported.ts';
import { around, complaint, freshFolder, load, put, route } from './support.ts';

test('loadConfig gives the defaults of the contract', async () => {
  const config = await load(route);
  assert.equal(config.agent, {
    lanes: 4,
    growingLanes: 16,
    smallSizeBytes: 1_000_000,
    stopAfterMs: 10_000,
    socketGroup: null,
    onAttention: [],
    metricsFile: null,
    attentionAfterMs: 60_000,
    onDone: [],
  });
  assert.equal(config.journal, { keepDays: 90 });
  assert.equal(config.log, { level: 'info', maxSizeBytes: 10_000_000, keep: 5 });
  const [only] = config.routes;
  const base = path.dirname(only?.source ?? '');
  assert.equal(only, {
    name: 'a',
    source: path.join(base, 'src'),
    destination: path.join(base, 'dst'),
    include: ['**/*'],
    exclude: [],
    stableAfterMs: 30_000,
    stuckAfterMs: 900_000,
    scanEveryMs: 5000,
    scanShare: 0.02,
    verify: 'readback',
    destinationMode: null,
    maxRateBytesPerSecond: null,
    rates: [],
    stallAfterMs: 2000,
    stallMaxMs: 120_000,
    maxAttempts: 5,
    guard: 'marker',
    afterCopy: 'keep',
    afterCopyWaitMs: 3_600_000,
    afterCopyProof: 'direct',
    archiveDir: null,
    removeEmptyDirs: false,
    onRename: 'copy',
    beforeProbe: [],
    sourceWarnBelow: { bytes: 10_000_000_000 },
    growing: {
      enabled: true,
      include: ['**/*.{mxf,mov,mp4,m4v,ts,mts,m2ts,mkv,avi,wav,bwf,braw,dv}'],
      visible: true,
      minSizeBytes: 20_000_000,
      safetyMarginBytes: 10_000_000,
      pollMs: 1000,
      quietForMs: 30_000,
    },
    recovery: { rename: 'always', suffix: '_{n}', leftover: 'keep', maxVisible: 3 },
    space: { keepFree: { bytes: 2_000_000_000 }, warnBelow: { share: 0.05 }, retryEveryMs: 30_000 },
    probe: { openMs: 5000, closedMs: 1000, deadlineMs: 10_000, settleMs: 10_000 },
  });
});

test('loadConfig reads the rates of a route', async () => {
  const rates = `[[route.rate]]\nfrom = "08:00"\nto = "18:00"\ndays = ["fri", "mon", "fri"]\nmax_rate = "20MB"
[[route.rate]]\nfrom = "22:30"\nto = "06:00"\n[[route.rate]]\nfrom = "00:00"\nto = "24:00"\nmax_rate = ""\n`;
  const { routes } = await load(`${route}${rates}`);
  const all = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  assert.equal(routes[0]?.rates, [
    { fromMinute: 480, toMinute: 1080, days: ['mon', 'fri'], bytesPerSecond: 20_000_000 },
    { fromMinute: 1350, toMinute: 360, days: all, bytesPerSecond: null },
    { fromMinute: 0, toMinute: 1440, days: all, bytesPerSecond: null },
  ]);
});

test('loadConfig reads every key', async () => {
  const config = await load(`
[agent]
state_dir = "st"
lanes = 2
growing_lanes = 3
stop_after = "0s"
socket_group = "ops"
on_attention = ["/bin/page", "{summary}"]
metrics_file = "/m/sluice.prom"
attention_after = "0"
on_done = ["/bin/done", "-v"]
[journal]
keep_days = 7
[log]
level = "debug"
max_size = "1MiB"
keep = 0
[[route]]
source = "/a"
destination = '/b'
destination_mode = "0664/2775"
max_rate = "80MB"
after_copy_wait = "0"
archive_dir = "arch"
before_probe = ["/bin/mount", "{destination}"]
source_warn_below = "3%"
remove_empty_dirs = true
space = { keep_free = "2%", warn_below = "1GiB" }
growing.enabled = false
[route.probe]
settle = "0ms"
`);
  const [only] = config.routes;
  assert.match(config.stateDir, /\/st$/);
  assert.equal(config.agent, {
    lanes: 2,
    growingLanes: 3,
    smallSizeBytes: 1_000_000,
    stopAfterMs: 0,
    socketGroup: 'ops',
    onAttention: ['/bin/page', '{summary}'],
    metricsFile: '/m/sluice.prom',
    attentionAfterMs: 0,
    onDone: ['/bin/done', '-v'],
  });
  assert.equal(config.log, { level: 'debug', maxSizeBytes: 1_048_576, keep: 0 });
  assert.is(only?.name, 'default');
  assert.equal(only?.destinationMode, { file: 0o664, folder: 0o2775 });
  assert.is(only?.maxRateBytesPerSecond, 80_000_000);
  assert.is(only?.afterCopyWaitMs, 0);
  assert.match(only?.archiveDir ?? '', /\/arch$/);
  assert.is(only?.removeEmptyDirs, true);
  assert.equal(only?.space.keepFree, { share: 0.02 });
  assert.equal(only?.beforeProbe, ['/bin/mount', '{destination}']);
  assert.equal(only?.sourceWarnBelow, { share: 0.03 });
  assert.is(only?.growing.enabled, false);
  assert.is(only?.probe.settleMs, 0);
});

/** The text after a valid route, and the message. */
const wrong: readonly [string, RegExp][] = [
  ['stable_afer = "3s"', /^cannot read sluice\.toml:5: unknown key "stable_afer" in \[\[route\]\] \(did you mean "stable_after"\?\)$/],
  ['stable_after = 30', /sluice\.toml:5: stable_after in \[\[route\]\] is 30: expected a duration, such as "500ms", "10s"/],
  ['stable_after = "30 secs"', /:5: .*is "30 secs": .*did you mean "30s"\?/],
  ['stable_after = "0s"', /:5: .*at least "1ms"/],
  ['stable_after = "99999h"', /:5: .*at most "366d"/],
  ['stable_after = 2020-01-01', /:5: .*is 2020-01-01: expected a duration/],
  ['scan_every = "1ms"', /:5: .*at least "10ms"/],
  ['stable_after = "5%"', /:5: .*a duration/],
  ['max_rate = "5%"', /:5: .*expected a rate/],
  ['max_rate = "0"', /:5: .*at least/],
  ['[[route.rate]]\nto = "18:00"', /:5: \[\[route\.rate\]\] of route "a" has no from: expected a time of the day, such as from = "08:00"/],
  ['[[route.rate]]\nfrom = "08:00"', /:5: \[\[route\.rate\]\] of route "a" has no to: /],
  [
    '[[route.rate]]\nfrom = "8:00"\nto = "18:00"',
    /:6: from in \[\[route\.rate\]\] is "8:00": expected a time of the day from "00:00" to "23:59"/,
  ],
  ['[[route.rate]]\nfrom = "24:00"\nto = "18:00"', /:6: .*from "00:00" to "23:59"/],
  ['[[route.rate]]\nfrom = "08:00"\nto = "00:00"', /:7: to in .*from "00:01" to "24:00"/],
  ['[[route.rate]]\nfrom = "08:60"\nto = "09:00"', /:6: .*a time of the day/],
  ['[[route.rate]]\nfrom = 8\nto = "09:00"', /:6: from in \[\[route\.rate\]\] is 8: /],
  ['[[route.rate]]\nfrom = "08:00"\nto = "08:00"', /:5: .*begins and ends at "08:00": for the whole day, write from = "00:00"/],
  ['[[route.rate]]\nfrom = "08:00"\nto = "09:00"\ndays = []', /:8: .*with at least one/],
  ['[[route.rate]]\nfrom = "08:00"\nto = "09:00"\ndays = ["monday"]', /:8: days in .*expected a list of days, such as \["mon", "fri"\]/],
  ['[[route.rate]]\nfrom = "08:00"\nto = "09:00"\ndays = "mon"', /:8: .*expected a list of days/],
  ['[[route.rate]]\nfrom = "08:00"\nto = "09:00"\nmax_rate = "5%"', /:8: max_rate in \[\[route\.rate\]\] is "5%": expected a rate/],
  ['[[route.rate]]\nfrom = "08:00"\nto = "09:00"\nday = ["mon"]', /:8: unknown key "day" in \[\[route\.rate\]\] \(did you mean "days"\?\)/],
  ['[route.rate]\nfrom = "08:00"\nto = "09:00"', /:5: .*expected tables, each written \[\[route\.rate\]\]/],
  ['verify = "no"', /:5: .*expected one of "readback", "size"/],
  ['guard = true', /:5: guard in \[\[route\]\] is true: expected one of "marker", "none"/],
  ['max_attempts = 0', /:5: .*whole number from 1/],
  ['max_attempts = 1.5', /:5: .*whole number/],
  ['include = "*.mxf"', /:5: .*a list of patterns/],
  ['include = []', /:5: .*at least one/],
  ['exclude = ["a", 5]', /:5: .*is 5: expected a list of patterns/],
  ['exclude = ["/abs"]', /:5: .*relative to the source/],
  ['destination_mode = "999/777"', /:5: .*"0664\/0775"/],
  ['after_copy = "archive"', /:5: .*archive_dir is missing/],
  ['archive_dir = "~/x"', /:5: .*not expanded/],
  ['min_size = "5MB"', /:5: unknown key "min_size" in \[\[route\]\] \(did you mean "min_size" in \[route\.growing\]\?\)/],
  ['growing = true', /:5: growing in \[\[route\]\] is true: expected a table/],
  ['growing = { enabled = "yes" }', /:5: enabled in \[route\.growing\] is "yes": expected true or false/],
  ['growing.min_size = "5mb"', /:5: .*did you mean "5MB"\?/],
  ['[route.growing]\nmin_size = 20', /:6: min_size in \[route\.growing\] is 20: expected a size/],
  ['[route.growing]\npol = "1s"', /:6: unknown key "pol" in \[route\.growing\] \(did you mean "poll"\?\)/],
  ['[route.recovery]\nsuffix = "x"', /:6: .*contain \{n\} once/],
  ['[route.recovery]\nsuffix = "{n}{n}"', /:6: .*contain \{n\} once/],
  ['[route.recovery]\nsuffix = "/{n}"', /:6: .*none of \//],
  // On NTFS this would name a stream of another file.
  ['[route.recovery]\nsuffix = ":{n}"', /:6: .*none of/],
  ['[route.space]\nkeep_free = "5 %"', /:6: .*a size or a share/],
  ['[route.probe]\nopen = "0s"', /:6: .*at least "10ms"/],
  ['[route.spaces]\nkeep_free = "5%"', /:5: unknown key "spaces" in \[\[route\]\] \(did you mean "space"\?\)/],
  ['[agent]\nlanes = 0', /:6: lanes in \[agent\] is 0: expected a whole number from 1 to/],
  ['[agent]\nlanes = "4"', /:6: lanes in \[agent\] is "4"/],
  ['[agent]\non_attention = "page"', /:6: .*expected a command/],
  ['[journal]\nkeep_days = 0', /:6: keep_days/],
  ['[log]\nlevel = "loud"', /:6: .*"debug", "info", "warn", "error"/],
  ['[log]\nmax_size = "1B"', /:6: .*at least "1000B"/],
  ['[agnet]\nlanes = 3', /:5: unknown table or key "agnet" \(did you mean \[agent\]\?\)/],
  ['[[agent]]\nlanes = 3', /:5: agent: expected a table, written \[agent\]/],
  ['__proto__ = 5', /:5: unknown key "__proto__"/],
  ['constructor = 5', /:5: unknown key "constructor"/],
  ['stable_after = ', /:5: not valid TOML: expected a value after "="/],
  ['stable_after = \nx = 1', /:5: not valid TOML: expected a value after "="/],
  ['stable_after = 10s', /:5: not valid TOML: .*texts .* in "quotes"/],
  ['stable_after', /:5: not valid TOML: expected key = value/],
  ['[[route]', /:5: not valid TOML: .*a route \[\[route\]\]/],
  ['archive_dir = "C:\\Users"', /:5: not valid TOML: .*backslash is written twice/],
  ['name = "b"', /:5: not valid TOML: .*already given/],
  ['x = "unclosed', /:5: not valid TOML/],
  ['[[route]]\nname = "A"\nsource = "s2"\ndestination = "d2"', /:6: name in \[\[route\]\] is "A", which is also the name of route 1/],
  ['[[route]]\nname = "b"', /:5: \[\[route\]\] "b" has no source/],
  ['[[route]]\nname = "b/c"\nsource = "s2"\ndestination = "d2"', /:6: .*expected a name/],
  ['[[route]]\nname = "b"\nsource = "sftp://h/p"\ndestination = "d2"', /:7: .*a folder on this machine/],
  ['[[route]]\nname = "b"\nsource = "s2"\ndestination = "ftp://h/p"', /:8: .*such as a mounted share/],
];
for (const [text, message] of wrong) {
  test(`loadConfig refuses ${JSON.stringify(text)} and says where and why`, async () => {
    assert.match(await complaint(load(`${route}${text}\n`)), message);
  });
}

test('loadConfig reports what is wrong with the file itself', async () => {
  const folder = freshFolder();
  const from = (config: string) => complaint(loadConfig({ config, around: around(folder) }));
  put(path.join(folder, 'latin.toml'), '');
  const { writeFileSync } = await import('node:fs');
  writeFileSync(path.join(folder, 'latin.toml'), Buffer.from([0x61, 0xff]));
  assert.is(await from('none.toml'), 'cannot read none.toml: the file does not exist; "sluice init -c FILE" writes one');
  assert.match(await from('.'), /cannot read \.: it is a folder/);
  assert.match(await from('latin.toml'), /cannot read latin\.toml: it is not valid UTF-8; save it as UTF-8/);
  assert.match(await complaint(load('')), /cannot read sluice\.toml: it has no \[\[route\]\]/);
  assert.match(await complaint(load('[route]\nname = "x"\n')), /sluice\.toml:1: route: expected routes, each written \[\[route\]\]/);
  assert.match(await complaint(load('agent = 5\n')), /sluice\.toml:1: agent is 5: expected a table/);
});

test('loadConfig reads a file with a byte order mark and Windows line ends, and counts its lines', async () => {
  assert.is((await load(`\ufeff${route.replaceAll('\n', '\r\n')}`)).routes.length, 1);
  assert.match(await complaint(load(`${route.replaceAll('\n', '\r\n')}x = 1\r\n`)), /:5: unknown key "x"/);
});

test('loadConfig reports the first problem and counts the others', async () => {
  try {
    await load(`${route}bb = 1\naa = 2\nlanes = 3\n`);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, ConfigError);
    assert.match((error as ConfigError).message, /:5: unknown key "bb".*\(and 2 more; "sluice check" lists them\)$/);
    assert.is((error as ConfigError).exitCode, 2);
    assert.equal(
      (error as ConfigError).problems.map(({ line }) => line),
      [5, 6, 7],
    );
  }
});

test("loadConfig tries the folder of the executable, then the machine-wide one, then the user's", async () => {
  const folder = freshFolder();
  const here = around(folder, { env: { HOME: path.join(folder, 'home'), XDG_CONFIG_HOME: path.join(folder, 'xdg') } });
  assert.match(
    await complaint(loadConfig({ around: here })),
    /no sluice\.toml was found \(looked for .*bin\/sluice\.toml, \/etc\/sluice\/sluice\.toml, .*xdg\/sluice\/sluice\.toml\)/,
  );
  put(path.join(folder, 'xdg/sluice/sluice.toml'), route);
  const users = await loadConfig({ around: here });
  assert.is(users.origin.location, 'user');
  assert.is(users.stateDir, path.join(folder, 'home/.local/state/sluice'));
  put(path.join(folder, 'bin/sluice.toml'), route);
  const portable = await loadConfig({ around: here });
  assert.is(portable.origin.location, 'portable');
  assert.is(portable.stateDir, path.join(folder, 'bin/sluice-state'));
  assert.is(portable.routes[0]?.source, path.join(folder, 'bin/src'));
});

test('loadConfig puts options over the file in every route, and resolves their paths against the current folder', async () => {
  const text = `[agent]\nlanes = 2\n${route}stable_after = "9s"\n[[route]]\nname = "b"\nsource = "s2"\ndestination = "d2"\n`;
  const options = {
    'stable-after': '2s',
    growing: false,
    'growing-min-size': '5MB',
    'recovery-suffix': '_r{n}',
    lanes: '7',
    exclude: ['x', 'y'],
    'growing-include': 'z',
    'archive-dir': 'arch',
  };
  const config = await load(text, { options });
  for (const { stableAfterMs, growing, recovery, exclude } of config.routes) {
    assert.is(stableAfterMs, 2000);
    assert.is(growing.enabled, false);
    assert.is(growing.minSizeBytes, 5_000_000);
    assert.equal(growing.include, ['z']);
    assert.is(recovery.suffix, '_r{n}');
    assert.equal(exclude, ['x', 'y']);
  }
  assert.is(config.agent.lanes, 7);
});

test('loadConfig names a wrong option', async () => {
  assert.match(
    await complaint(load(route, { options: { 'stable-after': '2 parsecs' } })),
    /^--stable-after is "2 parsecs": expected a duration/,
  );
  assert.match(await complaint(load(route, { options: { lanes: 'many' } })), /^--lanes is "many": expected a whole number/);
  assert.match(await complaint(load(route, { options: { 'recovery-suffix': 'x' } })), /^--recovery-suffix is "x": .*\{n\} once/);
  assert.match(await complaint(load(route, { state: '' })), /^--state is ""/);
});

test('loadConfig makes one route from --from and --to, without a file', async () => {
  const folder = freshFolder();
  const here = around(folder);
  const config = await loadConfig({ from: 'in', to: 'out', state: 'st', options: { verify: 'size' }, around: here });
  assert.is(config.routes[0]?.name, 'default');
  assert.is(config.routes[0]?.source, path.join(folder, 'in'));
  assert.is(config.routes[0]?.verify, 'size');
  assert.is(config.stateDir, path.join(folder, 'st'));
  assert.is((await loadConfig({ from: 'in', to: 'out', around: here })).stateDir, path.join(folder, 'home/.local/state/sluice'));
  assert.match(await complaint(loadConfig({ from: 'in', around: here })), /--from needs --to/);
  assert.match(await complaint(loadConfig({ to: 'in', around: here })), /--to needs --from/);
  assert.match(await complaint(loadConfig({ from: 'in', to: 'out', config: 'x', around: here })), /cannot be combined/);
  assert.match(
    await complaint(loadConfig({ from: 'in', to: 'in', around: here })),
    /^cannot use --to "in": source and destination .* the same folder/,
  );
  assert.match(await complaint(loadConfig({ from: 'in', to: 'out', around: { ...here, env: {} } })), /HOME is not set.*--state DIR/);
});

test('explainConfig says where each setting came from', async () => {
  const config = await load(`[log]\nlevel = "warn"\n${route}`, { options: { growing: false } });
  const from = (table: string, key: string) => explainConfig(config).find((setting) => setting.table === table && setting.key === key);
  assert.equal(from('[log]', 'level'), { table: '[log]', key: 'level', value: '"warn"', from: 'sluice.toml:2' });
  assert.is(from('[log]', 'keep')?.from, 'default');
  assert.is(from('[route.growing] a', 'enabled')?.from, '--no-growing');
  assert.is(from('[[route]] a', 'source')?.from, 'sluice.toml:5');
  assert.match(explainText(config), /\[route\.growing\] a\n {2}enabled = false +--no-growing\n/);
});

test('unsupportedSettings reports settings that are valid but not implemented', async () => {
  const config = await load('[[route]]\nsource = "s"\ndestination = "sftp://u@h/p"\nafter_copy = "delete"\n');
  const lines = unsupportedSettings(config).map(({ line, text }) => `${line} ${text}`);
  assert.is(lines.length, 1);
  assert.match(lines[0] ?? '', /^3 destination: this version does not support "sftp:\/\/u@h\/p" yet: use a folder/);
  assert.is(unsupportedSettings(await load(route)).length, 0);
});

test('loadConfig: on_attention takes a placeholder only as a whole argument that no shell reads', async () => {
  const withHook = (words: readonly string[]) => load(`[agent]\non_attention = ${JSON.stringify(words)}\n${route}`);
  const refused: readonly (readonly [readonly string[], RegExp])[] = [
    [['/bin/sh', '-c', "echo '{summary}' | mail root"], /sluice\.toml:2: .*\{summary\} stands inside a longer text.*SLUICE_SUMMARY/],
    [['/bin/page', '--route={route}'], /\{route\} stands inside a longer text.*SLUICE_ROUTE/],
    [['{summary}'], /\{summary\} cannot be the program/],
    [['/bin/bash', '-lc', '{summary}'], /stands where \/bin\/bash reads a command/],
    [['sudo', 'sh', '-c', '{summary}'], /stands where sudo reads a command/],
    [['perl', '-e', '{summary}'], /reads a command/],
    [['C:\\Windows\\System32\\cmd.exe', '/c', 'page.exe', '{summary}'], /reads a command/],
    [['pwsh', '-Command', 'Send', '-Text', '{summary}'], /reads a command/],
  ];
  for (const [words, message] of refused) assert.match(await complaint(withHook(words)), message);
  for (const words of [
    ['/bin/page', '{summary}', '{route}'],
    ['/bin/sh', '-c', 'page "$1"', 'sh', '{summary}'],
    ['/bin/sh', '-c', 'echo {other}'],
  ]) {
    assert.equal((await withHook(words)).agent.onAttention, words);
  }
});

test.run();
