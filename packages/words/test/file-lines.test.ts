import type { FileJson } from '@sluice/control';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { momentText } from '../src/figures/clock.ts';
import { fileLines } from '../src/file-lines.ts';

const at = '2026-11-23T14:00:00.000Z';
const file = (change: Partial<FileJson> = {}): FileJson =>
  ({
    id: '8ce8db74-0000-4000-8000-000000000000',
    route: 'ingest',
    source: 'live/a.mxf',
    destination: 'live/a.mxf',
    status: 'COMPLETED',
    sizeBytes: 5,
    error: null,
    hold: null,
    copied: true,
    readback: 'direct',
    discoveredAt: at,
    endedAt: at,
    ...change,
  }) as FileJson;

test('fileLines: shows when a file ended, or else was found; a column without values is left out', () => {
  assert.equal(fileLines([file()]), [
    'STATE  ID        WHEN                 SOURCE      SIZE',
    `DONE   8ce8db74  ${momentText(at)}  live/a.mxf   5 B  verified`,
  ]);
  const found = '2026-11-23T09:00:00.000Z';
  assert.match(fileLines([file({ status: 'READY', hold: 'space', endedAt: null, discoveredAt: found })])[1] ?? '', momentText(found));
});

test('fileLines: names routes if there are several, and a different name at the destination', () => {
  const [titles, , other] = fileLines([file(), file({ route: 'archive', destination: 'live/a_1.mxf' })]);
  assert.match(titles ?? '', /^ROUTE +STATE +ID +WHEN +SOURCE +AS +SIZE$/);
  assert.match(other ?? '', /^archive +DONE .* live\/a\.mxf +live\/a_1\.mxf /);
});

test('fileLines: one row of the table is one row of the terminal', () => {
  const source = `live/Abendschau/${'long name '.repeat(10)}.mxf`;
  const [, narrow] = fileLines([file({ source })], { width: 80 });
  assert.match(narrow ?? '', ` ${momentText(at).slice(5, 16)}  live/`);
  for (const width of [80, 120]) assert.ok(fileLines([file({ source })], { width }).every((line) => line.length <= width));
});

test.run();
