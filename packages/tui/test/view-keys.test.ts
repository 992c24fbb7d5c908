import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Model } from '../src/model/model.ts';
import { withinReach } from '../src/views/full-views/full-view.ts';
import { render } from '../src/views/render.ts';
import { key, run } from './sample.ts';
import { calmFrame, model, offline, outageFrame, route, row } from './views/sample-model.ts';
import { ascii, textsOf } from './views/themes.ts';
import { conditions, settings } from './views/view-scenes.ts';

const start: Model = model(80, 24, { frame: calmFrame(), log: [] });
const shown = (of: Model): string => textsOf(render(of, ascii)).join('\n');

test('i: requests the settings, shows each with its origin, and d hides the defaults', () => {
  const asked = run(start, key('i'));
  assert.equal(asked.intents, [{ do: 'settings' }]);
  assert.match(shown(asked.model), 'SETTINGS  loading');
  const { model: arrived } = run(asked.model, { kind: 'settings', settings, trouble: null });
  assert.match(shown(arrived), / {3}lanes = 6 +sluice\.toml:3/);
  assert.match(shown(arrived), / {3}keep_days = 90 +default/);
  assert.match(shown(arrived), / {3}stable_after = "2s" +--stable-after/);
  const changed = run(arrived, key('d')).model;
  assert.not.match(shown(changed), 'keep_days');
  assert.match(shown(changed), 'd show defaults');
  assert.match(shown(run(changed, key('d')).model), 'keep_days');
  assert.equal(run(changed, key('escape')).model.dialogs, []);
});

test('i: an agent without this request, and another agent after a restart', () => {
  const { model: refused } = run(start, key('i'), { kind: 'settings', settings: null, trouble: 'the agent is of an older version' });
  assert.match(shown(refused), 'the agent is of an older version');
  const back = run(
    refused,
    { kind: 'link', link: { kind: 'lost', why: '', cause: 'away', sinceAt: 0 } },
    { kind: 'link', link: { kind: 'connected' } },
  );
  assert.ok(back.intents.some((intent) => JSON.stringify(intent) === '{"do":"settings"}'));
});

test('i: long settings can be scrolled to the last one, and no further', () => {
  const many = Array.from({ length: 60 }, (_, index) => ({ table: '[agent]', key: `key_${index}`, value: '1', from: 'default' }));
  let now = run(start, key('i'), { kind: 'settings', settings: many, trouble: null }).model;
  for (let press = 0; press < 20; press += 1) now = withinReach(run(now, key('pagedown')).model, ascii);
  assert.match(shown(now), 'key_59');
  assert.match(shown(withinReach(run(now, key('up')).model, ascii)), 'key_38');
});

const online = { ...offline, state: 'open', cause: null } as const;
const lostRow = { ...row({ id: 'gone', source: 'late.mov', status: 'REMOVED', sourceGone: true }), isLost: true as const };
const lossy = (lost: number, change: Partial<Model> = {}): Model =>
  model(80, 24, {
    frame: calmFrame({
      routes: [route({ gate: online, lost }), route({ name: 'archive', gate: online })],
      rows: { total: 1, matched: 1, offset: 0, rows: [lostRow] },
    }),
    selected: null,
    log: [],
    ...change,
  });

test('A: asks before it acknowledges the selected lost file, or all of a route', () => {
  const one = run(lossy(3, { selected: 'gone' }), key('A'));
  assert.match(shown(one.model), 'Acknowledge that late.mov is lost?');
  assert.match(shown(one.model), 'no copy of it');
  assert.equal(one.intents, []);
  assert.equal(run(one.model, key('n')).intents, []);
  assert.equal(run(one.model, key('y')).intents, [{ do: 'act', action: 'acknowledge', id: 'gone', name: 'late.mov' }]);
  const all = run(lossy(3), key('A'));
  assert.match(shown(all.model), 'Acknowledge 3 lost files of ingest?');
  assert.equal(run(all.model, key('y')).intents, [{ do: 'acknowledge', route: 'ingest' }]);
  assert.match(shown(run(lossy(1), key('A')).model), 'It vanished at the source before it was copied');
});

test('A: explains why it has no effect: no file is lost, a read-only screen, no agent', () => {
  const notice = (of: Model): string | undefined => run(of, key('A')).model.notice?.text;
  assert.match(notice(start) ?? '', 'nothing to acknowledge');
  assert.match(notice(lossy(1, { isReadOnly: true })) ?? '', 'read-only');
  assert.match(notice(lossy(1, { link: { kind: 'connecting' } })) ?? '', 'no agent');
});

test('!: shows the conditions, the worst first, when each began, and the remedies', () => {
  const held = { by: 'anna', since: offline.since, until: null, reason: 'maintenance' };
  const frame = outageFrame({ conditions, routes: [route({ name: 'a', gate: online, hold: held })] });
  const text = shown(run(model(120, 40, { frame }), key('!')).model);
  assert.match(text, 'CONDITIONS  3 need you');
  const expected = [
    '!! ingest: the destination does not',
    '!! ingest: 3 files vanished',
    '!! the disk of the state',
    '~  a: HELD by anna: maintenance',
  ];
  const at = expected.map((each) => text.indexOf(each));
  assert.ok(!at.includes(-1) && at.every((each, index) => index === 0 || each > (at[index - 1] ?? 0)), text);
  assert.match(text, /Since +2026-11-23 13:49:50, for 00:12:41/);
  assert.match(text, /Do +bring the storage or the network back/);
  assert.match(text, /Do +find out what removed them; A acknowledges them/);
});

test('!: a reload that was refused is a warning, with the mistake', () => {
  const problem = 'cannot read /etc/sluice/sluice.toml:7: unknown key "stable_since"';
  const calm = calmFrame({ conditions: [], routes: [route({ gate: online })] });
  const frame = { ...calm, agent: { ...calm.agent, reloadRefused: { at: offline.since, by: 'SIGHUP', problem } } };
  const text = shown(run(model(120, 40, { frame }), key('!')).model);
  assert.match(text, /! {2}the settings that were read again are not in force: cannot read .*:7: unknown key/);
  assert.match(text, /Do +correct the file, then run sluice reload/);
});

test('!: names the command before_probe that the first probe waits for, and what to do', () => {
  const gate = { ...offline, cause: 'unknown' } as const;
  const beforeProbe = { program: '/bin/mount', since: offline.since, isAwaited: true };
  const frame = outageFrame({ conditions: [], routes: [route({ name: 'a', gate, beforeProbe })] });
  const text = shown(run(model(120, 40, { frame }), key('!')).model);
  assert.match(text, /~ {2}a: the first probe waits for before_probe for 12 min \(\/bin\/mount\)/);
  assert.match(text, /Do +wait: Sluice ends the command after a minute/);
  assert.not.match(text, 'is being checked');
});

test('!: an older agent has only its verdict, and without conditions the view says so', () => {
  const older = calmFrame({ verdict: { ok: false, text: 'the journal cannot be written' }, routes: [route({ gate: online })] });
  assert.match(shown(run(model(80, 24, { frame: older }), key('!')).model), '!! the journal cannot be written');
  const calm = calmFrame({ conditions: [], routes: [route({ gate: online })] });
  assert.match(shown(run(model(80, 24, { frame: calm }), key('!')).model), 'CONDITIONS  nothing needs you');
});

test('views: a key of one view does nothing in another, and q closes the view, not the screen', () => {
  for (const view of ['l', 'i', '!']) {
    const { model: opened } = run(start, key(view));
    const pressed = run(opened, ...['r', 'x', 'h', 's', '1', '6', 'z'].map(key));
    assert.equal(pressed.intents, [], view);
    assert.equal(pressed.model.dialogs.length, 1, view);
    const closed = run(opened, key('q'));
    assert.equal([closed.model.dialogs.length, closed.intents.length], [0, 0], view);
  }
});

test.run();
