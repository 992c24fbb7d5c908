import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../src/load.ts';
import { planReload } from '../src/reload.ts';
import type { Config } from '../src/routes/config.ts';
import type { OptionValues } from '../src/schema/options.ts';
import { around, complaint, freshFolder, put } from './support.ts';

const [a, b] = [routeText('a', '/src/a', '/dst/a'), routeText('b', '/src/b', '/dst/b')];

function routeText(name: string, source: string, destination: string, more = ''): string {
  return `[[route]]\nname = "${name}"\nsource = "${source}"\ndestination = "${destination}"\n${more}\n`;
}

/** Loads one text, and then another from the same file. */
async function loadTwice(before: string, after: string, options: OptionValues = {}): Promise<readonly [Config, Config]> {
  const folder = freshFolder();
  const file = put(path.join(folder, 'sluice.toml'), before);
  const input = { config: 'sluice.toml', around: around(folder), options };
  const running = await loadConfig(input);
  put(file, after);
  return [running, await loadConfig({ ...input, again: running.origin })];
}

/** The two texts, and `route.key before -> after`, with `!` where a restart is needed. */
const changes: readonly (readonly [what: string, before: string, after: string, expected: readonly string[]])[] = [
  ['nothing', a, `${a}\n# a comment`, []],
  ['another way to write a value', `${a}stable_after = "60s"`, `${a}stable_after = "1m"`, []],
  ['a default that is written down', a, `${a}stable_after = "30s"`, []],
  ['a setting of a route', a, `${a}stable_after = "1m"`, ['a stable_after "30s" -> "1m"']],
  ['a setting that is removed', `${a}max_rate = "20MB"`, a, ['a max_rate "20MB" -> ""']],
  ['a setting of a table', a, `${a}[route.growing]\nmin_size = "5MB"`, ['a growing.min_size "20MB" -> "5MB"']],
  ['patterns', a, `${a}exclude = ["x"]`, ['a exclude [] -> ["x"]']],
  ['the log', a, `${a}[log]\nlevel = "debug"`, ['- log.level "info" -> "debug"']],
  ['what needs a restart', a, `${a}[agent]\nlanes = 8`, ['! agent.lanes 4 -> 8']],
  ['a destination', a, routeText('a', '/src/a', '/dst/other'), ['!a destination "/dst/a" -> "/dst/other"']],
  [
    'a rate row',
    a,
    `${a}[[route.rate]]\nfrom = "08:00"\nto = "18:00"\nmax_rate = "20MB"`,
    ['a rate [] -> [{ from = "08:00", to = "18:00", max_rate = "20MB" }]'],
  ],
  ['only the route that changed', a + b, `${a}${b}verify = "size"`, ['b verify "readback" -> "size"']],
  ['not of a route that is new', a, `${a}${b}verify = "size"`, []],
];

for (const [what, before, after, expected] of changes) {
  test(`planReload: changes: ${what}`, async () => {
    const plan = planReload(...(await loadTwice(before, after)));
    const texts = plan.changes.map(({ route, key, needsRestart, ...value }) => {
      const mark = needsRestart === null ? '' : '!';
      return `${mark}${route ?? (mark === '' ? '-' : '')} ${key} ${value.before} -> ${value.after}`;
    });
    assert.equal(texts, expected);
    assert.equal(plan.problems, []);
  });
}

test('planReload: a setting that needs a restart keeps its present value, and the next reload reports it again', async () => {
  const after = `${routeText('a', '/src/other', '/dst/other', 'stable_after = "1s"\nguard = "none"')}[agent]\nlanes = 8\n[journal]\nkeep_days = 3\n`;
  const [running, next] = await loadTwice(a, after);
  const { config } = planReload(running, next);
  assert.equal([config.routes[0]?.source, config.routes[0]?.destination, config.routes[0]?.guard], ['/src/a', '/dst/a', 'marker']);
  assert.equal([config.routes[0]?.stableAfterMs, config.agent.lanes, config.journal.keepDays], [1_000, 4, 90]);
  assert.equal(
    planReload(config, next).changes.map(({ key }) => key),
    ['agent.lanes', 'journal.keep_days', 'source', 'destination', 'guard'],
  );
});

test('planReload: routes are added and removed', async () => {
  const plan = planReload(...(await loadTwice(a, b)));
  assert.equal([plan.added, plan.removed, plan.changes], [['b'], ['a'], []]);
  assert.equal(
    plan.config.routes.map(({ name }) => name),
    ['b'],
  );
});

test('planReload: the folders of a removed route cannot be given to another route', async () => {
  const plan = planReload(...(await loadTwice(a, routeText('c', '/src/c', '/dst/a'))));
  assert.match(plan.problems.map(({ text }) => text).join(), /routes "c" and "a" write to the same folder|routes "a" and "c" write/);
});

test('planReload: a removed route keeps its folders while it copies, unless it is added again', async () => {
  const [running, next] = await loadTwice(b, b + a);
  const leaving = (route: string) => [{ role: 'destination', route, given: '/dst/a', resolved: '/dst/a' }] as const;
  assert.is(planReload(running, next, leaving('old')).problems.length, 1);
  assert.is(planReload(running, next, leaving('a')).problems.length, 0);
});

test('planReload: a destination that is free only after a restart is not given to another route', async () => {
  const after = routeText('a', '/src/a', '/dst/other') + routeText('b', '/src/b', '/dst/a');
  assert.is(planReload(...(await loadTwice(a, after))).problems.length, 1);
});

test('planReload: command-line options override the reloaded file', async () => {
  const plan = planReload(...(await loadTwice(a, `${a}stable_after = "1m"`, { 'stable-after': '2s' })));
  assert.equal(plan.changes, []);
  assert.is(plan.config.routes[0]?.stableAfterMs, 2_000);
});

test('loadConfig: a reload reads the same file, even if a search would find another one now', async () => {
  const folder = freshFolder();
  const home = around(folder, { env: { HOME: path.join(folder, 'home'), XDG_CONFIG_HOME: path.join(folder, 'config') } });
  put(path.join(folder, 'config/sluice/sluice.toml'), a);
  const running = await loadConfig({ around: home });
  put(path.join(folder, 'bin/sluice.toml'), b);
  const next = await loadConfig({ around: home, again: running.origin });
  assert.equal(
    next.routes.map(({ name }) => name),
    ['a'],
  );
  assert.is(next.stateDir, running.stateDir);
});

test('loadConfig: a file that was removed is not read again', async () => {
  const [running] = await loadTwice(a, a);
  const again = { ...running.origin, absoluteFile: '/nowhere/sluice.toml' };
  const input = { around: around(freshFolder()), again };
  assert.match(await complaint(loadConfig(input)), /^cannot read sluice\.toml: the file does not exist any more/);
});

test.run();
