import { file } from '@sluice/tui/fixtures';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fileTable, promiseTable } from '../../src/demo/tables.ts';

const copied = file({ id: '01234567-0000-4000-8000-000000000000', source: 'cam-c.mxf', destination: 'cam-c_1.mxf', status: 'COMPLETED' });
const compared = [{ file: copied, sha256: 'ab'.repeat(32), isSame: true }];
const notes = (['READY', 'COPYING', 'COMPLETED'] as const).map(
  (to) => ({ v: 1, at: '', event: 'transition', file: copied, from: null, to }) as const,
);

test('fileTable: a wide terminal, or none, gets whole hashes and every state', () => {
  const [, , line = ''] = fileTable(notes, [copied], compared);
  assert.match(line, 'ab'.repeat(32));
  assert.match(line, 'READY > COPYING > DONE');
});

test('fileTable: a row fits into 80 columns', () => {
  const lines = fileTable(notes, [copied], compared, 80);
  assert.ok(
    lines.every((line) => line.length <= 80),
    lines.join('\n'),
  );
  assert.match(lines[2] ?? '', /^01234567 +cam-c\.mxf +cam-c_1\.mxf .* abababababab +DONE$/);
});

test('promiseTable: a broken promise is marked, and one that was not shown is named', () => {
  const promised = (['held', 'BROKEN', 'not shown'] as const).map((verdict) => ({ promise: 'it holds', verdict, seen: 'seen' }));
  assert.equal(promiseTable(promised), ['', 'held       it holds (seen)', 'BROKEN     it holds (seen)', 'not shown  it holds (seen)']);
});

test.run();
