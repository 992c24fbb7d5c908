import { ControlError } from '@sluice/control';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createHandlers, shared } from '../../src/serve/handlers.ts';
import { a, asker, type Desk, makeDesk } from './desk.ts';

const test = suite<Desk>('what a client asks of the agent');
const ann = { user: 'ann', origin: '192.0.2.7', reason: 'a test' };

test.before.each(async (context) => {
  Object.assign(context, makeDesk());
});
test.after.each((desk) => desk.close());

test('act and steer: done as requested, with operator and reason', async (desk) => {
  desk.rest('clip.mxf');
  const handlers = createHandlers(desk.serving);
  const { results } = await handlers.act({ do: 'skip', files: ['clip.mxf'], who: ann }, asker);
  assert.equal(
    results.map(({ refused }) => refused),
    [null],
  );
  await handlers.steer({ do: 'hold', routes: ['a'], until: '2030-01-01T00:00:00.000Z', who: ann }, asker);
  assert.equal(
    desk.offered.map((event) => event.kind === 'operator_asked' && [event.who, event.action]),
    [
      [
        { by: 'ann from 192.0.2.7', reason: 'a test' },
        { do: 'skip', route: 'a', source: 'clip.mxf' },
      ],
      [
        { by: 'ann from 192.0.2.7', reason: 'a test' },
        { do: 'hold', route: 'a', until: Date.UTC(2030, 0) },
      ],
    ],
  );
});

test('status and files: a held route is shown as held, and its files have the hold `operator`', async (desk) => {
  desk.rest('clip.mxf');
  const handlers = createHandlers(desk.serving);
  await handlers.steer({ do: 'hold', routes: ['a'], until: null, who: ann }, asker);
  desk.settle();
  const status = await handlers.status({}, asker);
  assert.equal(
    status.routes.map(({ hold }) => hold && [hold.by, hold.until, hold.reason]),
    [['ann from 192.0.2.7', null, 'a test'], null],
  );
  const listed = await handlers.files({ statuses: null, route: null, all: false, limit: 10, before: null }, asker);
  assert.equal(
    listed.files.map(({ status, hold }) => [status, hold]),
    [['READY', 'operator']],
  );
});

test('past: files that ended and match a filter, and files copied since each bound', async (desk) => {
  desk.rest('clip.mxf', 'other.mxf');
  const asked = { since: null, limit: 10, before: null, bounds: ['1970-01-01T00:00:00.000Z'] };
  const handlers = createHandlers(desk.serving);
  assert.equal(await handlers.past({ ...asked, filter: 'clip' }, asker), { v: 1, files: [], sums: [{ files: 0, bytes: 0 }], next: null });
  desk.send({ kind: 'paths_noticed', route: a, paths: ['clip.mxf', 'other.mxf'] });
  const checkId = desk.state.routes.get(a)?.scanning.check?.id;
  assert.ok(checkId);
  desk.send({ kind: 'paths_checked', route: a, checkId, present: [], absent: ['clip.mxf', 'other.mxf'] });
  const { files, sums } = await handlers.past({ ...asked, filter: 'state:removed clip' }, asker);
  assert.equal([files.map(({ source }) => source), sums], [['clip.mxf'], [{ files: 0, bytes: 0 }]]);
});

test('status: files that are left alone and patterns without a match are named, and do not change the verdict', async (desk) => {
  const before = await createHandlers(desk.serving).status({}, asker);
  assert.equal(
    before.routes.map((route) => 'leftAlone' in route),
    [false, false],
  );
  const source = desk.state.routes.get(a)?.source;
  assert.ok(source);
  const row = { rule: 'destination', pattern: null, count: 2, folders: 2, examples: ['archive', 'old'] } as const;
  source.selection = { leftAlone: [row], unmatched: [{ setting: 'include', pattern: '*.mfx' }] };
  const { routes, verdict } = await createHandlers(desk.serving).status({}, asker);
  assert.equal(
    routes.map(({ leftAlone, unmatched }) => ({ leftAlone, unmatched })),
    [
      { leftAlone: [row], unmatched: [{ setting: 'include', pattern: '*.mfx' }] },
      { leftAlone: undefined, unmatched: undefined },
    ],
  );
  assert.equal(verdict, before.verdict);
});

test('stop: mode, operator and reason are logged', async (desk) => {
  const handlers = createHandlers(desk.serving);
  assert.equal(await handlers.stop({ mode: 'drain', who: ann }, asker), { v: 1, accepted: true });
  await handlers.stop({ mode: 'now', who: { ...ann, reason: null } }, asker);
  assert.equal(desk.stops, [
    ['drain', 'ann from 192.0.2.7', 'a test'],
    ['now', 'ann from 192.0.2.7', null],
  ]);
});

test('clear, prune and remove_leftovers: are refused to a member of socket_group', async (desk) => {
  const handlers = createHandlers(desk.serving);
  const member = { ...asker, isOwner: false };
  const who = ann;
  const asked = [
    () => handlers.clear({ route: 'ingest', folder: null, dryRun: false, who }, member),
    () => handlers.clear({ route: 'ingest', folder: null, dryRun: true, who }, member),
    () => handlers.prune({ before: '2020-01-01T00:00:00.000Z', who }, member),
    () => handlers.steer({ do: 'remove_leftovers', routes: null, until: null, again: false, who }, member),
  ];
  for (const ask of asked) {
    try {
      await ask();
      assert.unreachable();
    } catch (error) {
      assert.match(String(error), /only for the user of the agent or root/);
    }
  }
});

test('settings: returns those in force with their origins; a member of socket_group does not get the arguments of commands', (desk) => {
  const from = '/etc/sluice/sluice.toml:3';
  const lanes = { table: '[agent]', key: 'lanes', value: '4', from: 'default' };
  const hook = { table: '[agent]', key: 'on_attention', value: '["curl", "https://example.org/?token=secret"]', from };
  const unset = { table: '[[route]] a', key: 'before_probe', value: '[]', from: 'default' };
  const handlers = createHandlers({ ...desk.serving, settings: () => [lanes, hook, unset] });
  assert.equal(handlers.settings({}, { ...asker, isOwner: true }), { v: 1, settings: [lanes, hook, unset] });
  const seen = handlers.settings({}, { ...asker, isOwner: false });
  assert.equal(seen, { v: 1, settings: [lanes, { ...hook, value: '(shown only to the user of the agent)' }, unset] });
});

test('evidence: of an unknown route', async (desk) => {
  try {
    await createHandlers(desk.serving).evidence({ route: 'inbox' }, asker);
    assert.unreachable();
  } catch (error) {
    assert.ok(error instanceof ControlError);
    assert.equal([error.kind, error.message], ['not_found', 'there is no route "inbox"']);
  }
});

test('shared: requests during a running answer share it, a later request gets a new one', async () => {
  let asked = 0;
  const gates: (() => void)[] = [];
  const ask = shared(async (about: string) => {
    asked += 1;
    await new Promise<void>((resolve) => gates.push(resolve));
    if (about === 'bad') throw new Error('no');
    return `${about} ${asked}`;
  });
  const answers = Promise.all([ask('one'), ask('one'), ask('two')]);
  for (const open of gates.splice(0)) open();
  assert.equal(await answers, ['one 2', 'one 2', 'two 2']);
  const bad = ask('bad');
  gates.pop()?.();
  await bad.then(assert.unreachable, () => undefined);
  const again = ask('one');
  gates.pop()?.();
  assert.is(await again, 'one 4');
});

test.run();
