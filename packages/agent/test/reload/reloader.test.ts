// real: it awaits the reading of files
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, loadConfig, surroundings } from '@sluice/config';
import { type CoreState, type Event, type RouteEvent, restoreState, step } from '@sluice/core';
import type { CoreSettings } from '@sluice/core/model';
import { temporaryFolder } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Reloader } from '../../src/reload/reloader.ts';

const routeText = (name: string, to = name): string => `[[route]]\nname = "${name}"\nsource = "/src/${name}"\ndestination = "/dst/${to}"\n`;

const ann = { by: 'ann', reason: 'a new card' };

/** A reloader over a real configuration and a real core, whose journal takes everything at once unless it is held. */
async function fixture(text: string) {
  const file = join(temporaryFolder('reload'), 'sluice.toml');
  const write = (next: string): void => writeFileSync(file, `[agent]\nstate_dir = "/state"\n${next}`);
  write(text);
  const input = { config: file, around: surroundings(null) };
  const config = await loadConfig(input);
  const settingsOf = ({ agent, routes }: Config): CoreSettings => ({ agentId: '0a0b0c0d', ...agent, routes });
  const image = { nextSeq: 1, files: [], routeFacts: [], usedNames: [] };
  const state: CoreState = restoreState({ settings: settingsOf(config), image, untilIdle: false, at: 0, wall: 0 });
  const at = { commits: true, stalled: false, refuses: null as Error | null };
  const log: string[] = [];
  const journal: RouteEvent[] = [];
  const did: string[] = [];
  const timers: (() => void)[] = [];
  let seq = 1;
  const reloader: Reloader = new Reloader({
    config,
    load: (again) => loadConfig({ ...input, again }),
    claims: {
      claim: async ({ routes }) => {
        if (at.refuses !== null) throw at.refuses;
        did.push(`claim ${routes.map(({ name }) => name).join(' ')}`);
      },
      release: (route) => void did.push(`release ${route}`),
    },
    state,
    settingsOf,
    offer: (event: Event) => {
      const { records } = step(state, { seq, at: 0, wall: 0, ids: { fresh: () => `${(seq += 1)}` }, event });
      seq += records.length;
      for (const record of records) if (record.kind === 'route_fact') journal.push(record.event);
      if (at.commits) reloader.configured();
    },
    isStalled: () => at.stalled,
    clock: { monotonic: () => 0, wall: () => 0 },
    makeTimer: (fire) => ({ set: () => void timers.push(fire), clear: () => void timers.pop() }),
    log: (level, line) => void log.push(`${level} ${line}`),
    onConfigured: ({ log: { level } }) => void did.push(`configured ${level}`),
    onPhase: (phase) => void did.push(phase),
  });
  return { write, reloader, state, at, log, did, timers, journal };
}

test('reload: the routes of a valid file are claimed, and the file is in force, between the two phases', async () => {
  const { write, reloader, did, log, state, journal } = await fixture(routeText('a'));
  write(`${routeText('a')}${routeText('b')}[log]\nlevel = "debug"`);
  const reply = await reloader.reload(ann);
  assert.equal([reply.problem, reply.added, reply.changes.map(({ key }) => key)], [null, ['b'], ['log.level']]);
  assert.equal(did, ['begins', 'claim a b', 'configured debug', 'over']);
  assert.equal([reloader.config.log.level, [...state.routes.keys()]], ['debug', ['a', 'b']]);
  assert.equal(log, ['info log.level "info" -> "debug"', 'info route b was added']);
  const ended = journal.findLast(({ kind }) => kind === 'reload_ended');
  assert.equal(ended?.kind === 'reload_ended' && [ended.by, ended.reason, ended.problem, ended.changes, ended.ofAgent], [
    ...['ann', 'a new card', null, 2],
    ['log.level'],
  ]);
  assert.is(reloader.refused, null);
});

test('reload: a file with a mistake changes nothing', async () => {
  const { write, reloader, did, log, journal } = await fixture(routeText('a'));
  write(`${routeText('a')}stable_since = "1s"`);
  const reply = await reloader.reload(ann);
  assert.match(reply.problem ?? '', /sluice\.toml:7: unknown key "stable_since"/);
  assert.equal(did, ['begins', 'over']);
  const [refused, ...others] = journal.filter(({ kind }) => kind === 'reload_ended');
  assert.match(refused?.kind === 'reload_ended' ? (refused.problem ?? '') : '', /stable_since/);
  assert.equal([others, log], [[], []], 'the log prints the record');
  assert.equal([reloader.refused?.by, reloader.refused?.at], ['ann', '1970-01-01T00:00:00.000Z']);
  write(routeText('a'));
  await reloader.reload(ann);
  assert.is(reloader.refused, null);
});

test('reload: a route that another agent has changes nothing', async () => {
  const { write, reloader, at, state } = await fixture(routeText('a'));
  write(`${routeText('a')}${routeText('b')}`);
  at.refuses = Object.assign(new Error('route "b" is taken'), { exitCode: 5 });
  assert.is((await reloader.reload(ann)).problem, 'route "b" is taken');
  assert.equal([...state.routes.keys()], ['a']);
});

test('reload: is refused while the journal cannot be written, and while the agent stops', async () => {
  const { reloader, at, log, state } = await fixture(routeText('a'));
  at.stalled = true;
  assert.equal(log, []);
  assert.match((await reloader.reload(ann)).problem ?? '', /the journal cannot be written now/);
  assert.match(log.join(), /^warn the agent goes on with its present settings: the journal cannot/, 'the record comes later');
  at.stalled = false;
  state.stopping = { by: 'ann', drain: true };
  assert.is((await reloader.reload(ann)).problem, 'the agent is stopping');
});

test('reload: a fault of the program is thrown, and the next reload works', async () => {
  const { reloader, at, did } = await fixture(routeText('a'));
  at.refuses = new TypeError('a fault');
  const thrown = await reloader.reload(ann).catch((error: unknown) => error);
  assert.instance(thrown, TypeError);
  at.refuses = null;
  assert.is((await reloader.reload(ann)).problem, null);
  assert.equal(did.filter((what) => what === 'over').length, 2);
});

test('reload: requests that come while one runs share the next one', async () => {
  const { reloader, did } = await fixture(routeText('a'));
  const replies = [1, 2, 3, 4].map(() => reloader.reload(ann));
  await Promise.all(replies);
  assert.is(did.filter((what) => what === 'begins').length, 1, 'they were asked for at once');
  const first = reloader.reload(ann);
  await Promise.resolve();
  await Promise.resolve();
  const later = [reloader.reload({ by: 'bob', reason: null }), reloader.reload({ by: 'bob', reason: null })];
  await Promise.all([first, ...later]);
  assert.is(did.filter((what) => what === 'begins').length, 3);
});

test('reload: a removed route keeps its lock and its folders until it has ended', async () => {
  const { write, reloader, did, state } = await fixture(`${routeText('a')}${routeText('b')}`);
  write(routeText('a'));
  assert.equal((await reloader.reload(ann)).removed, [{ route: 'b', copying: 0 }]);
  write(`${routeText('a')}${routeText('c', 'b')}`);
  assert.match((await reloader.reload(ann)).problem ?? '', /write to the same folder/);
  step(state, { seq: 1, at: 0, wall: 0, ids: { fresh: () => 'x' }, event: { kind: 'route_left', route: 'b' as never } });
  reloader.routeEnded('b' as never);
  assert.is(did.at(-1), 'release b');
  assert.is((await reloader.reload(ann)).problem, null);
});

test('reload: a route that is added again with other folders is refused until its last copy has ended', async () => {
  const { write, reloader } = await fixture(`${routeText('a')}${routeText('b')}`);
  write(routeText('a'));
  await reloader.reload(ann);
  write(`${routeText('a')}${routeText('b', 'elsewhere')}`);
  assert.match(
    (await reloader.reload(ann)).problem ?? '',
    /route "b" was removed before, and its last copies from \/src\/b to \/dst\/b still run/,
  );
  write(`${routeText('a')}${routeText('b')}`);
  assert.is((await reloader.reload(ann)).problem, null);
});

test('reload: does not wait for a journal that stalls after the check; the settings take effect after the stall', async () => {
  const { write, reloader, at, timers, did } = await fixture(routeText('a'));
  write(`${routeText('a')}[log]\nlevel = "debug"`);
  at.commits = false;
  const reply = reloader.reload(ann);
  while (timers.length === 0) await new Promise((resolve) => setImmediate(resolve));
  timers[0]?.();
  assert.is((await reply).problem, null);
  assert.is(reloader.config.log.level, 'info');
  reloader.configured();
  assert.equal([reloader.config.log.level, did.at(-1)], ['debug', 'configured debug']);
});

test.run();
