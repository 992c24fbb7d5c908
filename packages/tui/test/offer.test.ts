import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { commandOf } from '../src/keys/bindings.ts';
import type { LostCause, Message, Model } from '../src/model/model.ts';
import type { FolderCheck, Offer } from '../src/model/starter.ts';
import { frame, key, run, shows, started } from './sample.ts';

const lost = (cause: LostCause): Message => ({ kind: 'link', link: { kind: 'lost', why: 'why', cause, sinceAt: 0 } });
const found: Message = { kind: 'link', link: { kind: 'connected' } };
const before = (change: Partial<Model> = {}): Model => started({ link: { kind: 'connecting' }, ...change });
const start: Offer = { kind: 'start', by: '/etc/sluice.toml', stateDir: '/state', routes: [] };
const setUp: Offer = { kind: 'set_up', file: '/etc/sluice.toml' };
const offers = (offer: Offer): Message => ({ kind: 'offer', offer });
const typed = (text: string): Message[] => text.split('').map(key);
const kinds = ({ dialogs }: Model): string[] => dialogs.map(({ kind }) => kind);
const checked = (side: 'source' | 'destination', path: string, verdict: FolderCheck['verdict']): Message => ({
  kind: 'folder',
  side,
  typed: path,
  check: { path, text: 'is', verdict },
});

test('offer: if no agent runs, the screen asks once what could be started', () => {
  const { model, intents } = run(before(), lost('not_running'), lost('not_running'), lost('not_running'));
  assert.equal(intents, [{ do: 'offer' }]);
  assert.equal(kinds(run(model, offers(start)).model), ['offer']);
});

test('offer: with an agent that does not answer, a read-only screen, or an existing picture nothing is offered', () => {
  assert.equal(run(before(), lost('away')).intents, []);
  assert.equal(run(before({ isReadOnly: true }), lost('not_running')).intents, []);
  const stale = run(started(), shows(frame(['a'])), lost('not_running'));
  assert.equal(stale.intents, []);
  assert.equal(run(stale.model, key('o')).intents, [{ do: 'offer' }], 'but it can be asked for');
  assert.is(commandOf({ ...stale.model, isReadOnly: true }, 'o'), null);
  assert.is(commandOf(run(stale.model, lost('away')).model, 'o'), null);
});

test('offer: an agent of another user is named, and no new one is offered', () => {
  const { model, intents } = run(before(), lost('refused'), lost('refused'));
  assert.equal([kinds(model), intents], [['offer'], []]);
  assert.match(JSON.stringify(model.dialogs), /"why".*does not start a second agent/);
  assert.equal(run(model, key('enter')).intents, []);
  assert.equal(run(model, key('escape')).model.dialogs, []);
  assert.equal(run(model, key('escape'), lost('refused')).model.dialogs, [], 'who closed it is left alone');
  assert.equal(run(model, key('q')).intents, [{ do: 'leave' }]);
});

test('offer: Enter starts once; trouble is shown and it can be tried again; an agent that is found closes the offer', () => {
  const asked = run(before(), lost('not_running'), offers(start)).model;
  const starting = run(asked, key('enter'), key('enter'));
  assert.equal(starting.intents, [{ do: 'start_agent' }]);
  const failed = run(starting.model, { kind: 'agent_started', trouble: 'no room' });
  assert.match(JSON.stringify(failed.model.dialogs), /no room/);
  assert.equal(run(failed.model, key('enter')).intents, [{ do: 'start_agent' }]);
  assert.equal(run(starting.model, found), {
    model: { ...starting.model, link: { kind: 'connected' }, dialogs: [] },
    intents: [{ do: 'watch' }],
  });
  assert.equal(run(starting.model, found, offers(start)).model.dialogs, [], 'nothing is offered while one runs');
});

test('set-up: a good folder continues by itself, then both are shown, and a yes writes', () => {
  const first = run(before(), lost('not_running'), offers(setUp), key('enter'), ...typed('/in'), key('enter'), key('enter'));
  assert.equal(first.intents, [{ do: 'offer' }, { do: 'check_folder', side: 'source', folders: { source: '/in', destination: '' } }]);
  const second = run(first.model, checked('source', '/in', 'good'), { kind: 'paste', text: '/out\nrm' }, key('enter'));
  const folders = { source: '/in', destination: '/out' };
  assert.equal(second.intents, [{ do: 'check_folder', side: 'destination', folders }]);
  const third = run(second.model, checked('destination', '/out', 'good'), key('x'), key('y'), key('y'));
  assert.equal(third.intents, [{ do: 'write_config', folders }]);
  const { model, intents } = run(third.model, { kind: 'config_written', offer: start });
  assert.equal([kinds(model), intents], [['offer'], [{ do: 'start_agent' }]]);
});

test('set-up: a doubtful folder is accepted with another Enter, an impossible one never', () => {
  const asked = run(before(), lost('not_running'), offers(setUp), key('enter'), ...typed('/in'), key('enter')).model;
  const stepOf = ({ dialogs }: Model) => dialogs.find((dialog) => dialog.kind === 'set_up')?.setUp.step;
  const doubtful = run(asked, checked('source', '/in', 'doubtful')).model;
  assert.equal([stepOf(doubtful), stepOf(run(doubtful, key('enter')).model)], ['source', 'destination']);
  const impossible = run(asked, checked('source', '/in', 'impossible'), key('enter'));
  assert.is(stepOf(impossible.model), 'source');
  assert.is(impossible.intents.length, 1, 'it is asked again');
});

test('set-up: a result about an earlier text is ignored; Esc goes back, and ends', () => {
  const asked = run(before(), lost('not_running'), offers(setUp), key('enter'), ...typed('/in'), key('enter'), key('backspace')).model;
  assert.equal(run(asked, checked('source', '/in', 'good')).model, asked);
  const second = run(asked, key('n'), key('enter'), checked('source', '/in', 'good'), ...typed('/o'), key('enter')).model;
  const back = run(second, key('escape'), key('ctrl-u'), ...typed('/x'), checked('destination', '/o', 'good')).model;
  assert.match(JSON.stringify(back.dialogs), /"step":"source","source":{"typed":"\/x"/);
  assert.equal(kinds(run(back, key('escape')).model), ['offer']);
});

test('set-up: the caret moves within the path, and the result stays until the path changes', () => {
  const at = run(
    before(),
    lost('not_running'),
    offers(setUp),
    key('enter'),
    ...typed('/in'),
    key('enter'),
    checked('source', '/in', 'doubtful'),
  );
  const moved = run(at.model, key('left'), key('left')).model;
  assert.match(JSON.stringify(moved.dialogs), /"typed":"\/in".*"verdict":"doubtful"/);
  assert.match(JSON.stringify(run(moved, key('b')).model.dialogs), /"typed":"\/bin","after":2,"isAsking":false,"check":null/);
  assert.match(JSON.stringify(run(moved, { kind: 'paste', text: 'mnt/' }).model.dialogs), /"typed":"\/mnt\/in"/);
});

for (const [given, path] of [
  ['"/in"', '/in'],
  [" '/My Videos' ", '/My Videos'],
  ['"/in', '"/in'],
  ["/it's", "/it's"],
] as const) {
  test(`set-up: ${given} is checked as ${path}`, () => {
    const asked = run(before(), lost('not_running'), offers(setUp), key('enter'), ...typed(given), key('enter'));
    assert.equal(asked.intents.at(-1), { do: 'check_folder', side: 'source', folders: { source: path, destination: '' } });
    assert.match(JSON.stringify(run(asked.model, checked('source', path, 'good')).model.dialogs), /"step":"destination"/);
  });
}

test('set-up: a failed write is shown, and the typed text is kept', () => {
  const asked = run(
    before(),
    lost('not_running'),
    offers(setUp),
    key('enter'),
    ...typed('/i'),
    key('enter'),
    checked('source', '/i', 'good'),
  );
  const ready = run(asked.model, ...typed('/o'), key('enter'), checked('destination', '/o', 'good'), key('y')).model;
  const refused = run(ready, { kind: 'config_refused', trouble: 'it is there already' }).model;
  assert.match(JSON.stringify(refused.dialogs), /"typed":"\/i".*"trouble":"it is there already"/);
  assert.equal(kinds(run(refused, key('n'), key('escape'), key('escape')).model), ['offer']);
});

test('set-up: digits and letters that are keys elsewhere are text', () => {
  const { model, intents } = run(before(), lost('not_running'), offers(setUp), key('enter'), ...typed('q6/?'));
  assert.match(JSON.stringify(model.dialogs), /"typed":"q6\/\?"/);
  assert.equal(intents, [{ do: 'offer' }]);
  assert.equal(run(model, key('ctrl-c')).intents, [{ do: 'leave' }]);
});

test.run();
