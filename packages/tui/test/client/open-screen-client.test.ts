import { ControlError, type ScreenWindow, TimedOut } from '@sluice/control';
import { everything } from '@sluice/testkit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { linkLimits } from '../../src/client/limits.ts';
import { openScreenClient } from '../../src/client/open-screen-client.ts';
import type { AgentMessage, ScreenClient } from '../../src/client/screen-client.ts';
import { FakeTime } from '../fake-time.ts';
import { deltaOf, FakeAgent, frameOf, settled } from './fake-agent.ts';

const who = { user: 'ann', origin: null, reason: null };
const windowOf = (offset: number): ScreenWindow => ({ ...everything, offset, limit: 20 });

interface Scene {
  readonly agent: FakeAgent;
  readonly time: FakeTime;
  readonly client: ScreenClient;
  readonly heard: AgentMessage[];
  /** Returns what was reported, in one word each. */
  words(): string[];
}

async function open(agent = new FakeAgent()): Promise<Scene> {
  const time = new FakeTime();
  const client = openScreenClient({ connect: agent.connect, who, time });
  const heard: AgentMessage[] = [];
  client.onMessage((message) => void heard.push(message));
  await settled();
  return { agent, time, client, heard, words: () => heard.splice(0).map(wordOf) };
}

function wordOf(message: AgentMessage): string {
  if (message.kind === 'link') return message.link.kind === 'lost' ? `lost: ${message.link.why}` : message.link.kind;
  if (message.kind === 'frame') return `${message.frame.seq}: ${message.frame.rows.rows.map(({ file }) => file.id).join(' ')}`;
  if (message.kind === 'log') return `log ${message.note.text}`;
  if (message.kind === 'done') return `${message.isBad ? 'bad' : 'good'}: ${message.text}`;
  return message.kind;
}

test('openScreenClient: reports the link, requests the window, and shows changes', async () => {
  const { agent, client, words } = await open();
  assert.equal(words(), ['connecting', 'connected']);
  client.watchWindow(windowOf(0));
  assert.equal(agent.line().windows(), [windowOf(0)]);
  await agent.line().shows(1, ['a']);
  agent.line().changes(deltaOf(2, 'b'));
  agent.line().logs('something');
  agent.line().changes(deltaOf(3, 'c'));
  assert.equal(words(), ['1: a', '2: b', 'log something', '3: c']);
});

test('watchWindow: of several windows the newest is requested, one at a time', async () => {
  const { agent, client, words } = await open();
  words();
  for (const offset of [0, 1, 2, 3]) client.watchWindow(windowOf(offset));
  assert.equal(agent.line().windows(), [windowOf(0)]);
  await agent.line().shows(1, ['a']);
  assert.equal(agent.line().windows(), [windowOf(3)]);
  await agent.line().shows(2, ['b']);
  assert.equal(agent.line().windows(), []);
  assert.equal(words(), ['1: a', '2: b']);
});

test('watchWindow: a window that is set before there is an agent is requested once it runs', async () => {
  const agent = new FakeAgent();
  const time = new FakeTime();
  const client = openScreenClient({ connect: agent.connect, who, time });
  client.watchWindow(windowOf(7));
  await settled();
  assert.equal(agent.line().windows(), [windowOf(7)]);
});

test('deltas: a gap requests a complete frame; a delta that is old, or comes before any frame, is ignored', async () => {
  const { agent, client, words } = await open();
  words();
  agent.line().changes(deltaOf(1, 'early'));
  client.watchWindow(windowOf(0));
  await agent.line().shows(5, ['a']);
  agent.line().changes(deltaOf(5, 'twice'));
  agent.line().changes(deltaOf(4, 'old'));
  assert.equal(agent.line().windows(), []);
  agent.line().changes(deltaOf(7, 'gap'));
  agent.line().changes(deltaOf(8, 'gap'));
  assert.equal(agent.line().windows(), [windowOf(0)]);
  await agent.line().shows(9, ['b']);
  // Another one was missed during the request.
  await agent.line().shows(10, ['c']);
  agent.line().changes(deltaOf(11, 'd'));
  assert.equal(agent.line().windows(), []);
  assert.equal(words(), ['5: a', '9: b', '10: c', '11: d']);
});

test('link: an agent that disappeared is found again, and gets the same window', async () => {
  const { agent, time, client, heard, words } = await open();
  client.watchWindow(windowOf(3));
  await agent.line().shows(1, ['a']);
  words();
  const lostAt = time.now();
  agent.isUp = false;
  agent.line().goes('the agent is stopping');
  assert.equal(heard[0], { kind: 'link', link: { kind: 'lost', why: 'the agent is stopping', cause: 'away', sinceAt: lostAt } });
  time.pass(linkLimits.againFirstMs);
  await settled();
  assert.equal(heard.length, 2);
  const [, again] = heard;
  assert.ok(again?.kind === 'link' && again.link.kind === 'lost' && again.link.sinceAt === lostAt, 'lost since the same moment');
  words();
  agent.isUp = true;
  time.pass(linkLimits.againLastMs);
  await settled();
  assert.equal(words(), ['connected']);
  assert.equal(agent.line().windows(), [windowOf(3)]);
  await agent.line().shows(1, ['b']);
  assert.equal(words(), ['1: b']);
});

test('link: a listener that requests a window at once does not cause two requests', async () => {
  const agent = new FakeAgent();
  const client = openScreenClient({ connect: agent.connect, who, time: new FakeTime() });
  client.watchWindow(windowOf(1));
  client.onMessage((message) => {
    if (message.kind === 'link' && message.link.kind === 'connected') client.watchWindow(windowOf(2));
  });
  await settled();
  assert.equal(agent.line().windows(), [windowOf(2)]);
  await agent.line().shows(1, ['a']);
  assert.equal(agent.line().windows(), []);
});

test('link: the pauses between attempts grow up to five seconds, and are short again once something was shown', async () => {
  const agent = new FakeAgent();
  agent.isUp = false;
  const { time } = await open(agent);
  for (let seconds = 0; seconds < 60; seconds += 0.25) {
    time.pass(250);
    await settled();
  }
  assert.ok(agent.attempts >= 14 && agent.attempts <= 17, `${agent.attempts} attempts in a minute`);
});

test('link: an agent whose connection breaks before it shows anything is not tried without a pause', async () => {
  const { agent, time, client } = await open();
  client.watchWindow(windowOf(0));
  for (let seconds = 0; seconds < 60; seconds += 0.25) {
    agent.line().goes('the agent could not show its files');
    time.pass(250);
    await settled();
  }
  assert.ok(agent.attempts >= 14 && agent.attempts <= 17, `${agent.attempts} attempts in a minute`);
});

test('link: an answer that never comes is given up, and another connection is tried', async () => {
  const { agent, time, client, words } = await open();
  client.watchWindow(windowOf(0));
  words();
  await agent.line().refuses(new TimedOut('"screen"', 10_000));
  assert.ok(agent.line().isClosed);
  assert.equal(words(), ['lost: it has ended']);
  time.pass(linkLimits.againFirstMs);
  await settled();
  assert.is(agent.lines.length, 2);
  assert.equal(agent.line().windows(), [windowOf(0)]);
});

test('link: an agent that hangs while nothing changes is reported, and looked for again; one that answers is asked again', async () => {
  const { agent, time, words } = await open();
  const hung = agent.line();
  for (let ping = 0; ping < 3; ping += 1) {
    assert.is(hung.pings.length, 0);
    time.pass(linkLimits.pingEveryMs);
    hung.pings.shift()?.resolve(hung.client.hello as never);
    await settled();
  }
  words();
  time.pass(linkLimits.pingEveryMs);
  hung.pings.shift()?.reject(new TimedOut('"ping"', linkLimits.pingDeadlineMs));
  await settled();
  assert.equal(words(), ['lost: no answer for 7 s']);
  assert.ok(hung.isClosed);
  time.pass(linkLimits.againFirstMs);
  await settled();
  assert.equal([agent.attempts, words()], [2, ['connected']]);
});

test('link: an agent that refuses is reported as such, and the link stays', async () => {
  const { agent, client, words } = await open();
  words();
  client.watchWindow(windowOf(0));
  await agent.line().refuses(new ControlError('unknown_method', 'this agent does not know the request "screen"'));
  assert.equal(words(), ['bad: this agent does not know the request "screen"']);
  assert.not.ok(agent.line().isClosed);
  client.watchWindow(windowOf(1));
  await agent.line().shows(1, ['a']);
  assert.equal(words(), ['1: a']);
});

test('close: nothing is reported or tried any more', async () => {
  const { agent, time, client, words } = await open();
  client.watchWindow(windowOf(0));
  words();
  client.close();
  assert.ok(agent.line().isClosed);
  await settled();
  time.pass(60_000);
  await settled();
  assert.equal(words(), []);
  assert.is(agent.attempts, 1);
  assert.is(time.pending(), 0);
});

test('close: a connection that is made meanwhile is closed too', async () => {
  const agent = new FakeAgent();
  const client = openScreenClient({ connect: agent.connect, who, time: new FakeTime() });
  client.close();
  await settled();
  assert.ok(agent.line().isClosed);
});

const route = 'ingest';
const act = { do: 'act', action: 'retry', id: 'a', name: 'a.mxf' } as const;
const actions = [
  {
    intent: act,
    asks: ['act', { do: 'retry', files: ['a'], who }],
    good: 'a.mxf: will be tried again now',
    bad: 'cannot retry a.mxf: not now',
  },
  {
    intent: { do: 'hold', route } as const,
    asks: ['steer', { do: 'hold', routes: [route], who }],
    good: 'ingest: held: no new copies start, running copies finish',
    bad: 'cannot hold ingest: not now',
  },
  {
    intent: { do: 'release', route } as const,
    asks: ['steer', { do: 'release', routes: [route], who }],
    good: 'ingest: released',
    bad: 'cannot release ingest: not now',
  },
  {
    intent: { do: 'adopt', route } as const,
    asks: ['steer', { do: 'adopt', routes: [route], who }],
    good: 'ingest uses this disk from now on',
    bad: 'cannot adopt ingest: not now',
  },
] as const;
for (const { intent, asks, good, bad } of actions) {
  test(`perform: ${intent.do} is requested from the agent, and the result is reported`, async () => {
    const { agent, client, words } = await open();
    words();
    client.perform(intent);
    const { method, params } = agent.line().next();
    assert.equal([method, params], asks);
    await agent.line().answers({ v: 1, results: [{ refused: null }] });
    client.perform(intent);
    await agent.line().answers({ v: 1, results: [{ refused: 'not now' }] });
    client.perform(intent);
    await agent.line().answers({ v: 1, results: [] });
    const shown = words();
    assert.equal(shown.slice(0, 2), [`good: ${good}`, `bad: ${bad}`]);
    assert.match(shown[2] ?? '', /^bad: cannot .* the agent knows no file/);
  });
}

test('perform: evidence is passed on, and a missing one is reported', async () => {
  const { agent, client, heard } = await open();
  heard.length = 0;
  client.perform({ do: 'evidence', route });
  const evidence = { v: 1, route };
  await agent.line().answers(evidence);
  client.perform({ do: 'evidence', route: '' });
  await agent.line().refuses(new ControlError('not_found', 'there is no route ""'));
  assert.equal(heard, [
    { kind: 'evidence', evidence },
    { kind: 'done', text: 'cannot check the destination of : there is no route ""', isBad: true },
  ]);
});

test('perform: show brings the lineage too, oldest first, as far as the journal has it', async () => {
  const { agent, client, heard } = await open();
  heard.length = 0;
  const story = (id: string, recoveryOf: string | null, recoveredBy: string | null) => ({
    v: 1,
    files: [{ file: { id, recoveryOf, recoveredBy }, timeline: [] }],
  });
  client.perform({ do: 'show', id: 'c' });
  await agent.line().answers(story('c', 'b', 'd'));
  assert.equal(agent.line().next().params, { file: 'b' });
  await agent.line().answers(story('b', 'a', 'c'));
  await agent.line().refuses(new ControlError('not_found', 'no tracked file is called "a"'));
  assert.equal(agent.line().next().params, { file: 'd' });
  await agent.line().answers(story('d', 'c', null));
  const [shown] = heard;
  assert.ok(shown?.kind === 'shown' && shown.id === 'c');
  assert.equal(shown.files.map(({ file }) => file.id).join(), 'b,c,d');
});

test('perform: a lineage without end is shown up to a bound', async () => {
  const { agent, client, heard } = await open();
  heard.length = 0;
  client.perform({ do: 'show', id: '0' });
  for (let number = 0; agent.line().asked.length > 0; number += 1) {
    await agent
      .line()
      .answers({ v: 1, files: [{ file: { id: `${number}`, recoveryOf: `${number + 1}`, recoveredBy: null }, timeline: [] }] });
  }
  const [shown] = heard;
  assert.ok(shown?.kind === 'shown');
  assert.is(shown.files.length, linkLimits.attempts + 1);
});

let madeIds = 0;
const piece = (count: number) => {
  const files = Array.from({ length: count }, () => ({ id: `f${madeIds++}` }));
  const next = count < linkLimits.historyPiece ? null : { endedAt: 1_000 - madeIds, id: files.at(-1)?.id };
  return { v: 1, files, outages: [], next };
};

test('perform: the history of a range comes in pieces, each after the last of the one before', async () => {
  const { agent, time, client, heard } = await open();
  heard.length = 0;
  client.perform({ do: 'history', range: '7d', filter: '' });
  const since = new Date(time.now() - 7 * 86_400_000).toISOString();
  assert.equal(agent.line().next().params, { since, outages: true });
  await agent.line().answers({ v: 1, files: [], outages: [{ route }], next: null });
  assert.equal(agent.line().next().params, { since, limit: linkLimits.historyPiece, before: null });
  const first = piece(linkLimits.historyPiece);
  await agent.line().answers(first);
  assert.equal(agent.line().next().params, { since, limit: linkLimits.historyPiece, before: first.next });
  await agent.line().answers(piece(2));
  const [shown] = heard.splice(0);
  assert.ok(shown?.kind === 'history' && shown.range === '7d');
  assert.equal([shown.files.length, shown.outages, shown.hasMore], [linkLimits.historyPiece + 2, [{ route }], false]);
});

for (const [older, hasMore] of [
  [1, true],
  [0, false],
] as const) {
  test(`perform: the history ends at a bound, and a request finds out whether there is more (${older})`, async () => {
    const { agent, client, heard } = await open();
    heard.length = 0;
    client.perform({ do: 'history', range: 'all', filter: '' });
    assert.equal(agent.line().next().params, { since: null, outages: true });
    await agent.line().answers(piece(0));
    const whole = linkLimits.historyFiles / linkLimits.historyPiece;
    let last = piece(0);
    for (let count = 0; count < whole; count += 1) {
      last = piece(linkLimits.historyPiece);
      await agent.line().answers(last);
    }
    assert.equal(agent.line().next().params, { since: null, limit: 1, before: last.next });
    await agent.line().answers(piece(older));
    if (hasMore) await agent.line().answers({ v: 1, files: [], sums: [], next: null });
    const [all] = heard;
    assert.ok(all?.kind === 'history' && all.files.length === linkLimits.historyFiles);
    assert.is(all.hasMore, hasMore);
  });
}

test('perform: of two histories the newer one is reported, and nothing more is requested for the other', async () => {
  const { agent, client, heard } = await open();
  heard.length = 0;
  client.perform({ do: 'history', range: 'all', filter: '' });
  await agent.line().answers(piece(0));
  client.perform({ do: 'history', range: '24h', filter: '' });
  await agent.line().answers(piece(linkLimits.historyPiece));
  assert.is(agent.line().asked.length, 1);
  await agent.line().answers(piece(0));
  await agent.line().answers(piece(1));
  assert.equal(
    heard.map((message) => message.kind === 'history' && [message.range, message.files.length]),
    [['24h', 1]],
  );
});

test('perform: a history that cannot be read is reported, with its range', async () => {
  const { agent, client, heard } = await open();
  heard.length = 0;
  client.perform({ do: 'history', range: '30d', filter: '' });
  await agent.line().refuses(new ControlError('internal', 'the journal cannot be read'));
  assert.equal(heard, [{ kind: 'no_history', range: '30d', why: 'the journal cannot be read' }]);
});

test('log: earlier lines are requested once for each connection', async () => {
  const { agent, time, heard } = await open();
  heard.length = 0;
  const note = { v: 1, at: '', level: 'info', route: 'ingest', text: 'before' } as const;
  const [asked] = agent.line().tails;
  assert.equal(asked?.params, { limit: linkLimits.logged });
  asked?.resolve({ v: 1, notes: [note] } as never);
  await settled();
  assert.equal(heard.splice(0), [{ kind: 'logged', notes: [note] }]);
  agent.line().goes('it has ended');
  time.pass(linkLimits.againFirstMs);
  await settled();
  assert.is(agent.lines.length, 2);
  assert.equal(
    agent.lines.map(({ tails }) => tails.length),
    [0, 1],
  );
});

test('log: an older agent that does not know earlier lines is not an error, but a refusal is reported', async () => {
  const { agent, words } = await open();
  words();
  agent.line().tails[0]?.reject(new ControlError('unknown_method', 'this agent does not know the request "log"'));
  await settled();
  assert.equal(words(), []);
  const other = await open();
  other.words();
  other.agent.line().tails[0]?.reject(new ControlError('internal', 'the journal cannot be read'));
  await settled();
  assert.equal(other.words(), ['bad: the journal cannot be read']);
});

test('perform: without an agent it fails at once', async () => {
  const agent = new FakeAgent();
  agent.isUp = false;
  const { client, words } = await open(agent);
  words();
  client.perform(act);
  await settled();
  assert.equal(words(), ['bad: cannot retry a.mxf: no agent is connected now']);
});

test('a frame is never shared with what follows it', async () => {
  const { agent, client, heard } = await open();
  heard.length = 0;
  client.watchWindow(windowOf(0));
  await agent.line().answers(frameOf(1, ['a']));
  agent.line().changes(deltaOf(2, 'b'));
  const [first] = heard;
  assert.ok(first?.kind === 'frame');
  assert.equal(first.frame, frameOf(1, ['a']));
});

test.run();
