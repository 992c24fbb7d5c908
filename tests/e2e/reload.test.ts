// timeout: 240s
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, hashCopies, hashTree, makeFile, makeFolders } from '../bed/folders.ts';
import { type Agent, type CommandEnd, logOf, reported, sluice, startConfigured, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

/** A running agent, and what its `sluice.toml` is made of. */
interface Context {
  folders: Folders;
  config: string;
  /** Lines of `[agent]` and of other tables, and of the route. */
  agent: string;
  route: string;
  /** Further routes. */
  more: string;
  running: Agent;
}

const test = suite<Context>('reload');
const slow = 'max_rate = "300KB"';
const withinMs = 20_000;

test.before.each(async (context) => {
  const folders = await makeFolders();
  Object.assign(context, { folders, config: join(folders.root, 'sluice.toml'), agent: '', route: '', more: '' });
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

function routeText({ root }: Folders, name: string, lines: string): string {
  const folder = (of: string): string => JSON.stringify(name === 'one' ? join(root, of) : join(root, name, of));
  const waits = 'stable_after = "300ms"\nscan_every = "300ms"'.split('\n').filter((line) => !lines.includes(line.split(' ')[0] ?? ''));
  const space = lines.includes('[route.space]') ? '' : '\nspace.keep_free = "1MB"';
  return `[[route]]\nname = "${name}"\nsource = ${folder('source')}\ndestination = ${folder('destination')}\n${waits.join('\n')}${space}\n${lines}\n`;
}

async function write({ agent, config, folders, more, route }: Context): Promise<void> {
  await writeFile(config, `[agent]\n${agent}\n${routeText(folders, 'one', route)}${more}`);
}

async function begin(context: Context, ...args: readonly string[]): Promise<void> {
  await write(context);
  context.running = startConfigured(context.config, context.folders.stateDir, args);
  await until(() => context.running.status().catch(() => null), withinMs);
}

async function reload(context: Context, changes: Partial<Pick<Context, 'agent' | 'route' | 'more'>> = {}): Promise<CommandEnd> {
  Object.assign(context, changes);
  await write(context);
  return await sluice(['reload', '--state', context.folders.stateDir]);
}

async function reloads(context: Context, changes: Partial<Pick<Context, 'agent' | 'route' | 'more'>>): Promise<string> {
  const { code, stdout, stderr } = await reload(context, changes);
  assert.equal([code, stderr], [0, '']);
  return stdout;
}

/** Begins a copy that takes more than a minute. */
async function copySlowly(context: Context, ...args: readonly string[]): Promise<void> {
  Object.assign(context, { route: `${slow}\n${context.route}` });
  await begin(context, ...args);
  await makeFile(join(context.folders.source, 'big.bin'), 20_000_000);
  await reported(context.running, ({ source, status }) => source === 'big.bin' && status === 'COPYING', withinMs);
}

const copied = ({ running }: Context, name: string) =>
  reported(running, ({ source, status }) => source === name && status === 'COMPLETED', withinMs);

/** Waits for a line in the log. The record of a reload is logged when it is committed, which may be after the reply. */
async function logged({ running }: Context, line: RegExp): Promise<void> {
  await until(
    async () => line.test(await readFile(logOf(running), 'utf8')),
    withinMs,
    () => `${line} in the log`,
  );
}

test('max_rate applies to a running copy', async (context) => {
  await copySlowly(context);
  assert.match(await reloads(context, { route: '' }), /was read again: 1 change\n {2}one: max_rate "300KB" -> ""\n$/);
  await copied(context, 'big.bin');
  assert.equal(await hashCopies(context.folders.destination), await hashTree(context.folders.source));
  await logged(context, /these settings changed \(reload by [^)]+\): max_rate/);
});

test('a row of [[route.rate]] applies to a running copy, and status shows it', async (context) => {
  await begin(context);
  const row = '[[route.rate]]\nfrom = "00:00"\nto = "24:00"\nmax_rate = "300KB"';
  assert.match(await reloads(context, { route: row }), /one: rate \[\] -> \[\{ from = "00:00", to = "24:00", max_rate = "300KB" \}\]/);
  await makeFile(join(context.folders.source, 'big.bin'), 20_000_000);
  await reported(context.running, ({ status }) => status === 'COPYING', withinMs);
  const shown = await sluice(['status', '--state', context.folders.stateDir]);
  assert.match(shown.stdout, /, at most 300 KB\/s\n/);
  await reloads(context, { route: '' });
  await copied(context, 'big.bin');
});

test('patterns: a running copy continues, and other files are left alone', async (context) => {
  await copySlowly(context);
  await reloads(context, { route: `${slow}\nexclude = ["*.bin"]` });
  await makeFile(join(context.folders.source, 'small.bin'), 1_000);
  await makeFile(join(context.folders.source, 'small.mov'), 1_000);
  await copied(context, 'small.mov');
  await reloads(context, { route: 'exclude = ["*.bin"]' });
  await copied(context, 'big.bin');
  assert.not(existsSync(join(context.folders.destination, 'small.bin')));
  await reloads(context, { route: '' });
  await copied(context, 'small.bin');
});

test('stable_after and scan_every apply to waiting files', async (context) => {
  context.route = 'stable_after = "1h"\nscan_every = "1h"';
  await begin(context);
  await makeFile(join(context.folders.source, 'a.mov'), 1_000);
  await reloads(context, { route: '' });
  await copied(context, 'a.mov');
});

test('settings for space and probes take effect at once', async (context) => {
  context.route = '[route.space]\nkeep_free = "100%"\nretry_every = "1h"\n[route.probe]\nopen = "1h"\n';
  await begin(context);
  await makeFile(join(context.folders.source, 'a.mov'), 1_000);
  await reported(context.running, ({ status }) => status === 'WAITING_FOR_SPACE', withinMs);
  await reloads(context, { route: '[route.space]\nkeep_free = "1MB"\nretry_every = "300ms"\n[route.probe]\nopen = "300ms"\n' });
  await copied(context, 'a.mov');
});

test('the log level and the metrics file take effect at once', async (context) => {
  await copySlowly(context);
  const metrics = join(context.folders.root, 'sluice.prom');
  await reloads(context, { agent: `metrics_file = ${JSON.stringify(metrics)}\n[log]\nlevel = "debug"` });
  await makeFile(join(context.folders.source, 'b.mov'), 1_000);
  await copied(context, 'b.mov');
  await logged(context, /"level":"debug".*b\.mov/);
  await until(() => existsSync(metrics), withinMs);
});

if (process.platform === 'linux') {
  test('a hook that is added while a copy runs is run', async (context) => {
    await copySlowly(context);
    const out = join(context.folders.root, 'called');
    await reloads(context, { agent: `on_attention = ["/bin/sh", "-c", ${JSON.stringify(`env > ${out}`)}]` });
    await writeFile(Buffer.concat([Buffer.from(`${context.folders.source}/`), Buffer.from([0xff]), Buffer.from('.mov')]), 'x');
    await until(() => existsSync(out), withinMs);
  });
}

test('a route that is added is copied next to the one that runs', async (context) => {
  await copySlowly(context);
  await makeFile(join(context.folders.root, 'two/source/x.mov'), 1_000);
  await mkdir(join(context.folders.root, 'two/destination'));
  assert.match(await reloads(context, { more: routeText(context.folders, 'two', '') }), /route two was added/);
  await copied(context, 'x.mov');
  assert.equal(
    (await context.running.status()).routes.map(({ name, counts }) => [name, counts.COPYING]),
    [
      ['one', 1],
      ['two', 0],
    ],
  );
});

test('a removed route finishes its running copies and starts no new ones; it continues when it is added again', async (context) => {
  await mkdir(join(context.folders.root, 'two/source'), { recursive: true });
  await mkdir(join(context.folders.root, 'two/destination'));
  const two = (lines: string): string => routeText(context.folders, 'two', lines);
  context.more = two(slow);
  await begin(context, '--lanes', '1');
  await makeFile(join(context.folders.root, 'two/source/a.bin'), 3_000_000);
  await makeFile(join(context.folders.root, 'two/source/b.bin'), 1_000);
  const first = await reported(context.running, ({ status }) => status === 'COPYING', withinMs);
  assert.match(
    await reloads(context, { more: '' }),
    /route two was removed; it starts nothing new and ends when its running copy has ended/,
  );
  const shown = await sluice(['status', '--state', context.folders.stateDir]);
  assert.match(shown.stdout, /two: .*HELD by .* \(removed from sluice\.toml\)/);
  await copied(context, first.source);
  await until(async () => (await context.running.status()).routes.length === 1, withinMs);
  assert.equal(
    (await readdir(join(context.folders.root, 'two/destination'))).filter((name) => !name.startsWith('.')),
    [first.source],
  );
  await logged(context, /this route is not configured any more \(reload by/);
  await reloads(context, { more: two('') });
  const second = first.source === 'a.bin' ? 'b.bin' : 'a.bin';
  await copied(context, second);
  const names = (await readdir(join(context.folders.root, 'two/destination'))).filter((name) => !name.startsWith('.'));
  assert.equal(names.sort(), ['a.bin', 'b.bin'], 'nothing is copied twice');
});

test('a route that was removed is free for another agent, and its folders for another route', async (context) => {
  await mkdir(join(context.folders.root, 'two/source'), { recursive: true });
  await mkdir(join(context.folders.root, 'two/destination'));
  const two = routeText(context.folders, 'two', '');
  context.more = two;
  await begin(context);
  const renamed = two.replace('name = "two"', 'name = "three"');
  const tooEarly = await reload(context, { more: renamed });
  assert.is(tooEarly.code, 2);
  assert.match(tooEarly.stderr, /write to the same folder.*reload once without this change/);
  await reloads(context, { more: '' });
  await until(async () => (await context.running.status()).routes.length === 1, withinMs);
  await reloads(context, { more: renamed });
  assert.equal(
    (await context.running.status()).routes.map(({ name }) => name),
    ['one', 'three'],
  );
});

test('a file with a mistake changes nothing: one error with its line and key, exit code 2, and a line in the log', async (context) => {
  await copySlowly(context);
  const wrong = await reload(context, { route: 'stable_after = "30 secs"\nmax_rate = ""' });
  assert.is(wrong.code, 2);
  assert.match(
    wrong.stderr,
    /^sluice: the agent goes on with its present settings: cannot read .*sluice\.toml:\d+: stable_after in \[\[route\]\] is "30 secs": .*did you mean "30s"\?\)\n$/,
  );
  assert.is(wrong.stdout, '');
  await logged(context, /the agent goes on with its present settings: .*stable_after/);
  const overlapping = await reload(context, {
    route: slow,
    more: routeText(context.folders, 'one', '').replace('name = "one"', 'name = "two"'),
  });
  assert.is(overlapping.code, 2);
  assert.match(overlapping.stderr, /routes "one" and "two" write to the same folder/);
  assert.equal(
    (await context.running.status()).routes.map(({ name, counts }) => [name, counts.COPYING]),
    [['one', 1]],
  );
});

test('a setting that needs a restart is named with the reason and keeps its value, and the exit code is 1', async (context) => {
  await begin(context);
  const end = await reload(context, { agent: 'lanes = 8\nstop_after = "3s"\n[journal]\nkeep_days = 7' });
  assert.is(end.code, 1, end.stderr);
  assert.match(end.stdout, /3 changes, of which 2 need a restart/);
  assert.match(end.stdout, /agent\.lanes 4 -> 8 \(needs a restart: the copy processes have as many threads/);
  assert.match(end.stdout, /agent\.stop_after "10s" -> "3s"\n/);
  assert.match(end.stdout, /journal\.keep_days 90 -> 7 \(needs a restart/);
  assert.match((await reload(context)).stdout, /2 changes, which need a restart/);
});

test('command-line options override the reloaded file', async (context) => {
  await copySlowly(context, '--max-rate', '400KB');
  assert.match(
    await reloads(context, { route: 'max_rate = "100MB"\nverify = "size"' }),
    /1 change\n {2}one: verify "readback" -> "size"\n$/,
  );
  assert.is((await context.running.status()).routes[0]?.counts.COPYING, 1);
});

if (process.platform !== 'win32') {
  test('SIGHUP does the same, and says so in the log', async (context) => {
    await copySlowly(context);
    context.route = '';
    await write(context);
    context.running.kill('SIGHUP');
    await copied(context, 'big.bin');
    await logged(context, /was read again: 1 change \(requested by SIGHUP\)/);
    await writeFile(context.config, '[[rout]]');
    context.running.kill('SIGHUP');
    await logged(context, /goes on with its present settings: cannot read/);
    const { agent, routes } = await context.running.status();
    assert.equal([routes.length, agent.reloadRefused?.by], [1, 'SIGHUP']);
    const where = ['--state', context.folders.stateDir] as const;
    const journaled = (await sluice(['log', ...where])).stdout;
    assert.match(journaled, /info .*was read again: 1 change \(requested by SIGHUP\)\n/);
    assert.match(journaled, /warn .*goes on with its present settings: cannot read .*sluice\.toml.* \(requested by SIGHUP\)\n/);
    const status = (await sluice(['status', ...where])).stdout;
    assert.match(status, /! the settings that SIGHUP had read again at .* are not in force: cannot read .*run sluice reload\n/);
    await write(context);
    context.running.kill('SIGHUP');
    await until(async () => (await context.running.status()).agent.reloadRefused === undefined, withinMs);
  });
}

test('without an agent the exit code is 3, and an agent without a file says so', async ({ folders }) => {
  const none = await sluice(['reload', '--state', folders.stateDir]);
  assert.equal([none.code, none.stdout], [3, '']);
  const { source, destination, stateDir } = folders;
  const running = sluice(['run', '--from', source, '--to', destination, '--state', stateDir]);
  await until(async () => (await sluice(['status', '--state', stateDir])).code === 0, withinMs);
  const end = await sluice(['reload', '--state', stateDir]);
  assert.is(end.code, 2);
  assert.match(end.stderr, /started with --from and --to and has no sluice\.toml/);
  await sluice(['stop', '--state', stateDir]);
  await running;
});

test.run();
