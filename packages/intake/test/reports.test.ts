import type { SourceEntry } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { IntakeMessage } from '../src/messages.ts';
import { unknownDisk } from '../src/mount.ts';
import { Reports } from '../src/reports.ts';
import { routeOf } from './support/source.ts';

function fixture() {
  const sent: IntakeMessage[] = [];
  const agent = { read: (): void => undefined, reads: 0 };
  const channel = {
    send(message: IntakeMessage): Promise<void> {
      sent.push(message);
      const { promise, resolve } = Promise.withResolvers<void>();
      agent.read = resolve;
      return promise;
    },
  };
  const reports = new Reports(routeOf('/source'), channel, () => (agent.reads += 1));
  return { sent, agent, reports };
}

test('Reports: a state that was sent is not sent again', async () => {
  const { sent, agent, reports } = fixture();
  for (const code of ['EIO', 'EIO']) {
    const done = reports.state('unreadable', code, unknownDisk);
    agent.read();
    await done;
  }
  assert.equal([sent.length, agent.reads], [1, 1]);
});

test('Reports: many entries are sent in batches, each after the agent has read the one before', async () => {
  const { sent, agent, reports } = fixture();
  const entry: SourceEntry = {
    path: 'a',
    nameValid: true,
    fingerprint: { sizeBytes: 1, mtimeNs: '1' },
    identity: null,
    mode: 0o644,
    mayGrow: false,
  };
  const done = reports.entries(Array.from({ length: 1_001 }, () => entry));
  assert.equal([sent.length, reports.isSending()], [1, true]);
  while (reports.isSending()) {
    agent.read();
    await Promise.race([done, new Promise(setImmediate)]);
  }
  const sizes = sent.map((message) => (message.kind === 'entries_seen' ? message.entries.length : 0));
  assert.equal([sizes, agent.reads], [[1_000, 1], 2]);
});

test('Reports: the number of files is sent before changes that take more than one message', async () => {
  const { sent, agent, reports } = fixture();
  await reports.listed(5_000, 1_000);
  assert.equal(sent, []);
  const done = reports.listed(5_000, 1_001);
  agent.read();
  await done;
  assert.equal(
    sent.map(({ kind, ...rest }) => [kind, 'files' in rest ? rest.files : null]),
    [['source_listed', 5_000]],
  );
});

test('Reports: entries are sent sorted by path, without regard to case, and numbers by value', () => {
  const { sent, reports } = fixture();
  const entry = { nameValid: true, fingerprint: { sizeBytes: 1, mtimeNs: '1' }, identity: null, mode: 0o644, mayGrow: false };
  void reports.entries(['b/10', 'b/2', 'B/1', 'a', 'c'].map((path) => ({ ...entry, path })));
  const paths = sent.flatMap((message) => (message.kind === 'entries_seen' ? message.entries.map(({ path }) => path) : []));
  assert.equal(paths, ['a', 'B/1', 'b/2', 'b/10', 'c']);
});

test('Reports: events of a watch do not count as sending', () => {
  const { sent, reports } = fixture();
  reports.noticed(['a']);
  assert.equal([sent.length, reports.isSending()], [1, false]);
});

test('Reports: exhausted watches are reported at once for a readable source, with its free bytes, and for no other', () => {
  const { sent, reports } = fixture();
  reports.watchExhausted('ENOSPC');
  assert.is(sent.length, 0);
  void reports.state('ok', null, { freeBytes: 7, totalBytes: 70 });
  reports.watchExhausted('ENOSPC');
  const facts = sent.map((message) => (message.kind === 'source_state' ? [message.state, message.code, message.freeBytes] : message.kind));
  assert.equal(facts, [
    ['ok', null, 7],
    ['ok', 'ENOSPC', 7],
  ]);
  void reports.state('silent', 'SILENT', unknownDisk);
  reports.watchExhausted('EMFILE');
  assert.is(sent.length, 3);
});

test.run();
