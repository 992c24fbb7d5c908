import { ControlError } from '@sluice/control';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { linkLimits } from '../../src/client/limits.ts';
import { openScreenClient } from '../../src/client/open-screen-client.ts';
import type { AgentMessage } from '../../src/client/screen-client.ts';
import type { SafeAsked, SafeAsker, SafeProgress, SafeReport } from '../../src/model/safe.ts';
import { FakeTime } from '../fake-time.ts';
import { FakeAgent, settled } from './fake-agent.ts';

const who = { user: 'ann', origin: null, reason: null };
const page = { before: 300, after: null };
const note = { v: 1, at: '', seq: 299, level: 'info', route: 'a', text: 'x' } as const;
const answer: SafeReport = { isSafe: true, verdict: 'SAFE TO CLEAR', files: [], more: 0, notes: [] };
const asked: SafeAsked = { route: 'ingest', folder: null, reads: false };

/** A checker of sources whose answers the test gives. */
class FakeAsker implements SafeAsker {
  readonly runs: {
    readonly asked: SafeAsked;
    readonly progress: (progress: SafeProgress) => void;
    readonly signal: AbortSignal;
    readonly answers: (report: SafeReport) => void;
    readonly fails: (error: Error) => void;
  }[] = [];

  ask(what: SafeAsked, progress: (progress: SafeProgress) => void, signal: AbortSignal): Promise<SafeReport> {
    const { promise, resolve, reject } = Promise.withResolvers<SafeReport>();
    this.runs.push({ asked: what, progress, signal, answers: resolve, fails: reject });
    return promise;
  }
}

async function open(safe: SafeAsker | null = null) {
  const agent = new FakeAgent();
  const client = openScreenClient({ connect: agent.connect, who, safe, time: new FakeTime() });
  const heard: AgentMessage[] = [];
  client.onMessage((message) => void heard.push(message));
  await settled();
  heard.length = 0;
  return { agent, client, heard };
}

test('perform: a page of the log is requested, and passed on together with the start of the next page', async () => {
  const { agent, client, heard } = await open();
  client.perform({ do: 'log', page });
  const request = agent.line().tails.at(-1);
  assert.equal(request?.params, { ...page, limit: linkLimits.logPage });
  request?.resolve({ v: 1, notes: [note], next: 299 } as never);
  await settled();
  assert.equal(heard, [{ kind: 'log_page', page, notes: [note], next: 299 }]);
});

test('perform: an agent without pages of the log has only its newest lines, and a refusal says why', async () => {
  const { agent, client, heard } = await open();
  client.perform({ do: 'log', page });
  agent
    .line()
    .tails.at(-1)
    ?.resolve({ v: 1, notes: [] } as never);
  client.perform({ do: 'log', page });
  agent.line().tails.at(-1)?.reject(new ControlError('internal', 'the journal cannot be read'));
  await settled();
  assert.equal(heard, [
    { kind: 'log_page', page, notes: [], next: null },
    { kind: 'no_log_page', page, why: 'the journal cannot be read' },
  ]);
});

test('perform: the settings are requested, and an older agent causes a message that says so', async () => {
  const { agent, client, heard } = await open();
  client.perform({ do: 'settings' });
  const settings = [{ table: '[agent]', key: 'lanes', value: '4', from: 'default' }];
  await agent.line().answers({ v: 1, settings });
  client.perform({ do: 'settings' });
  await agent.line().refuses(new ControlError('unknown_method', 'settings'));
  const [first, second] = heard;
  assert.equal(first, { kind: 'settings', settings, trouble: null });
  assert.match(second?.kind === 'settings' ? (second.trouble ?? '') : '', 'older version');
});

test('perform: lost files are acknowledged, one by its id and all of a route', async () => {
  const { agent, client, heard } = await open();
  client.perform({ do: 'act', action: 'acknowledge', id: 'f1', name: 'late.mov' });
  assert.equal(agent.line().next().params, { do: 'acknowledge', files: ['f1'], who });
  await agent.line().answers({ v: 1, results: [{ refused: null }] });
  client.perform({ do: 'acknowledge', route: 'ingest' });
  assert.equal(agent.line().next().params, { do: 'acknowledge', routes: ['ingest'], who });
  await agent.line().answers({ v: 1, results: [{ refused: null }] });
  assert.equal(heard, [
    { kind: 'done', text: 'late.mov: acknowledged: it no longer counts as trouble', isBad: false },
    { kind: 'done', text: 'ingest: everything is acknowledged', isBad: false },
  ]);
});

test('perform: a check reports its progress, then its answer', async () => {
  const asker = new FakeAsker();
  const { client, heard } = await open(asker);
  client.perform({ do: 'safe', asked });
  const [run] = asker.runs;
  assert.equal(run?.asked, asked);
  const progress = { files: 1, bytes: 2, allFiles: null, allBytes: null };
  run?.progress(progress);
  run?.answers(answer);
  await settled();
  assert.equal(heard, [
    { kind: 'safe_progress', progress },
    { kind: 'safe', answer, trouble: null },
  ]);
});

test('perform: a canceled check ends and reports nothing more, and so does one that another replaces', async () => {
  const asker = new FakeAsker();
  const { client, heard } = await open(asker);
  for (const next of [{ do: 'cancel_safe' }, { do: 'safe', asked }] as const) {
    client.perform({ do: 'safe', asked });
    const run = asker.runs.at(-1);
    client.perform(next);
    assert.is(run?.signal.aborted, true);
    run?.progress({ files: 1, bytes: 2, allFiles: null, allBytes: null });
    run?.fails(new Error('it was canceled'));
    await settled();
  }
  assert.equal(heard, []);
  client.close();
  assert.is(asker.runs.at(-1)?.signal.aborted, true, 'the end of the screen ends the check');
});

test('perform: a check that fails and a screen that cannot check report the reason', async () => {
  const asker = new FakeAsker();
  const failing = await open(asker);
  failing.client.perform({ do: 'safe', asked });
  asker.runs[0]?.fails(new Error('the journal is gone'));
  const without = await open();
  without.client.perform({ do: 'safe', asked });
  await settled();
  assert.equal(failing.heard, [{ kind: 'safe', answer: null, trouble: 'the journal is gone' }]);
  assert.equal(without.heard, [{ kind: 'safe', answer: null, trouble: 'this screen cannot check a source; run "sluice safe"' }]);
});

test.run();
