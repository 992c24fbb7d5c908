import type { JournalRecord } from '@sluice/core';
import { fileOf } from '@sluice/core/fixtures';
import { routeName, type TrackedFile } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Counters } from '../../src/metrics/counters.ts';
import { expositionText } from '../../src/metrics/exposition.ts';

const ingest = routeName('ingest');

test('the text format: help, type, labels; a name with quotes and line breaks stays one label', () => {
  const text = expositionText([
    { name: 'sluice_files', type: 'gauge', help: 'Files.', samples: [{ labels: { route: 'a"b\\c\nd', state: 'ready' }, value: 3 }] },
    { name: 'sluice_none', type: 'gauge', help: 'Nothing to say.', samples: [] },
    { name: 'sluice_copied_bytes_total', type: 'counter', help: 'Bytes.', samples: [{ labels: {}, value: 1.5e12 }] },
  ]);
  assert.is(
    text,
    [
      '# HELP sluice_files Files.',
      '# TYPE sluice_files gauge',
      'sluice_files{route="a\\"b\\\\c\\nd",state="ready"} 3',
      '# HELP sluice_copied_bytes_total Bytes.',
      '# TYPE sluice_copied_bytes_total counter',
      'sluice_copied_bytes_total 1500000000000',
      '',
    ].join('\n'),
  );
});

function scene(): { readonly counters: Counters; readonly tell: (...records: JournalRecord[]) => void; at(ms: number): void } {
  let now = 0;
  const counters = new Counters({ routes: new Map([[ingest, {}]]) } as never, () => now);
  return { counters, tell: (...records) => counters.committed(records), at: (ms) => (now = ms) };
}

const became = (file: TrackedFile): JournalRecord => ({
  kind: 'transition',
  seq: 1,
  at: 0,
  event: { kind: 'settled' },
  from: 'READY',
  to: file.status,
  file,
});
const gate = (kind: 'gate_opened' | 'gate_closed'): JournalRecord => ({
  kind: 'gate',
  seq: 1,
  at: 0,
  route: ingest,
  event:
    kind === 'gate_opened'
      ? { kind, destination: '/mnt' }
      : { kind, destination: '/mnt', cause: 'timeout', code: null, finding: { kind: 'not_probed' } },
});

test('copies, failures and lost files are counted; a file whose bytes were there already does not count as a copy', () => {
  const { counters, tell } = scene();
  const fingerprint = { sizeBytes: 70, mtimeNs: '1' };
  tell(
    became(fileOf('COMPLETED', { route: ingest, fingerprint, copied: true })),
    became(fileOf('COMPLETED', { route: ingest, fingerprint, copied: false })),
    became(fileOf('FAILED', { route: ingest })),
    became(fileOf('REMOVED', { route: ingest, isLost: true })),
    became(fileOf('REMOVED', { route: routeName('other'), isLost: true })),
  );
  const { copiedFiles, copiedBytes, failedAttempts, lostFiles } = counters.of(ingest);
  assert.equal([copiedFiles, copiedBytes, failedAttempts, lostFiles], [1, 70, 1, 1]);
});

test('outages: how many, and how long, up to now; a change of cause is the same outage', () => {
  const { counters, tell, at } = scene();
  at(100);
  tell(gate('gate_opened'));
  assert.equal([counters.of(ingest).outages, counters.of(ingest).offlineMs], [0, 0], 'checking at the start does not count as an outage');
  at(1_000);
  tell(gate('gate_closed'));
  at(1_500);
  tell(gate('gate_closed'));
  at(2_000);
  assert.equal([counters.of(ingest).outages, counters.of(ingest).offlineMs], [1, 1_000]);
  tell(gate('gate_opened'));
  at(9_000);
  assert.is(counters.of(ingest).offlineMs, 1_000);
});

test('outages: one that lasts at the start has its time, from the first answer on, and did not begin since then', () => {
  const { counters, tell, at } = scene();
  at(100);
  tell(gate('gate_closed'));
  at(700);
  assert.equal([counters.of(ingest).outages, counters.of(ingest).offlineMs], [0, 600]);
  tell(gate('gate_opened'));
  tell(gate('gate_closed'));
  assert.is(counters.of(ingest).outages, 1);
});

test.run();
