import {
  type CompletedFile,
  type Detail,
  type FailedFile,
  type JournalRecord,
  type RemovedFile,
  type RouteFactKey,
  routeName,
  type TrackedFile,
} from '@sluice/core';
import { clean } from '@sluice/words';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createLog } from '../../src/log/log.ts';
import { tellingOf, tellRecord } from '../../src/serve/sentences.ts';
import { a, makeDesk } from './desk.ts';

const desk = makeDesk();
desk.rest('day1/clip.mxf');
const { status: _status, ...common } = desk.newest('day1/clip.mxf');
desk.close();

const completed = { ...common, status: 'COMPLETED', copied: true } as TrackedFile as CompletedFile;
const error = {
  kind: 'checksum_mismatch',
  code: 'MISMATCH',
  percent: 100,
  operator: 'the bytes differ; tried again in 5 s',
  technical: 'hash',
};
const failed = { ...common, status: 'FAILED', error } as TrackedFile as FailedFile;
const removed = { ...common, status: 'REMOVED' } as TrackedFile as RemovedFile;

const became = (file: TrackedFile, to = file.status, event = 'so'): JournalRecord => ({
  kind: 'transition',
  seq: 1,
  at: 0,
  event,
  from: 'READY',
  to,
  detail: {},
  file,
});
const routeFact = (event: string, detail: Detail = {}, key: RouteFactKey = 'note'): JournalRecord => ({
  kind: 'route_fact',
  seq: 1,
  at: 0,
  route: a,
  key,
  event,
  detail,
});
const fileFact = (event: string, detail: Detail = {}): JournalRecord => ({
  kind: 'file_fact',
  seq: 1,
  at: 0,
  event,
  detail,
  file: completed,
});
const gate = (state: 'open' | 'closed'): JournalRecord => ({
  kind: 'gate',
  seq: 1,
  at: 0,
  route: a,
  state,
  cause: state === 'open' ? null : 'timeout',
  code: null,
  operator: `the destination is ${state}`,
  technical: 'how',
});
const by = { by: 'ann from 192.0.2.7', reason: 'wrong take' };

const rows: readonly (readonly [JournalRecord, string, string])[] = [
  [became(completed), 'info', 'day1/clip.mxf: carried and verified'],
  [became({ ...completed, copied: false }), 'info', 'day1/clip.mxf: was there already'],
  [became({ ...completed, destination: 'day1/clip_1.mxf' }), 'info', 'day1/clip.mxf (as day1/clip_1.mxf): carried and verified'],
  [became(failed), 'error', 'day1/clip.mxf: the bytes differ; tried again in 5 s'],
  [became(removed), 'warn', 'day1/clip.mxf: gone from the source before it was carried'],
  [became(completed, 'READY', 'settled'), 'debug', 'day1/clip.mxf: READY (settled)'],
  [gate('closed'), 'warn', 'the destination is closed'],
  [gate('open'), 'info', 'the destination is open'],
  [routeFact('source ok'), 'info', 'the source is there'],
  [
    routeFact('source suddenly_empty', { code: null }),
    'error',
    'the source is suddenly empty, or another disk lies there; nothing is removed. Was it cleared? sluice rescan says so',
  ],
  [routeFact('source unreadable', { code: 'EIO' }), 'error', 'the source cannot be read (EIO); nothing can be said about its files'],
  [
    routeFact('source unreadable', { code: 'EACCES', path: 'day1/locked' }),
    'error',
    'day1/locked in the source cannot be read (EACCES): what else is there is carried, but nothing is taken for removed, and Sluice is never idle; let Sluice read it, or exclude it',
  ],
  [routeFact('source missing', { code: 'ENOENT' }), 'error', 'the source missing (ENOENT); nothing can be said about its files'],
  [routeFact('held', { ...by, until: null }, 'hold'), 'warn', 'held by ann from 192.0.2.7: wrong take'],
  [routeFact('held', { by: 'ann', reason: '', until: 0 }, 'hold'), 'warn', 'held until 1970-01-01T00:00:00.000Z by ann'],
  [routeFact('released', { by: 'ann', reason: null }, 'hold'), 'info', 'released by ann'],
  [routeFact('released', { by: 'Sluice', reason: 'its time is over' }, 'hold'), 'info', 'released by Sluice: its time is over'],
  [routeFact('rescan asked', by), 'info', 'the source is listed anew, as ann from 192.0.2.7 wants it: wrong take'],
  [
    routeFact('destination adopted', by, 'adopted'),
    'warn',
    'ann from 192.0.2.7 said that what is found there is the destination: wrong take',
  ],
  [routeFact('carried first', { sources: [] }, 'first'), 'debug', 'carried first'],
  [fileFact('retry asked', by), 'info', 'day1/clip.mxf: retry asked by ann from 192.0.2.7: wrong take'],
  [fileFact('skip asked', { by: 'ann', reason: null }), 'info', 'day1/clip.mxf: skip asked by ann'],
  [fileFact('first asked', { by: 'ann', reason: '' }), 'info', 'day1/clip.mxf: first asked by ann'],
  [
    fileFact('skip came too late', { ...by, why: 'it is carried already' }),
    'warn',
    'day1/clip.mxf: skip by ann from 192.0.2.7 came too late: it is carried already',
  ],
  [fileFact('created', { part: 'x' }), 'debug', 'day1/clip.mxf: created'],
];

for (const [record, level, text] of rows) {
  test(`tellingOf: ${text}`, () => {
    const telling = tellingOf(record);
    assert.equal([telling.level, telling.text, telling.route], [level, text, routeName('a')]);
  });
}

const escape = '\u001b]0;owned\u0007\u001b[2J\u202e\u009b31m\n14:00:00 info  a: all is carried';

test('tellRecord: what a name or a reason contains reaches no terminal and starts no line', () => {
  for (const record of [
    fileFact('skip asked', { by: `ann${escape}`, reason: escape }),
    fileFact('skip came too late', { by: escape, reason: escape, why: escape }),
    routeFact('held', { by: escape, reason: escape, until: null }, 'hold'),
    routeFact('destination adopted', { by: escape, reason: escape }, 'adopted'),
    became({ ...completed, source: escape }),
  ]) {
    const lines: string[] = [];
    const kept: string[] = [];
    const output = {
      write: (line: string) => lines.push(line) > 0,
      hasRoom: () => true,
      isIdle: () => true,
      failure: () => null,
      drain: () => undefined,
      isClosed: () => false,
    };
    const file = { append: (line: string) => void kept.push(line), close: () => undefined };
    tellRecord(createLog({ level: 'debug', file, output, now: () => 0 }), record);
    assert.is(lines.length, 1);
    assert.is(lines[0], clean(lines[0] ?? ''));
    assert.is(kept.length, 1);
    assert.is(kept[0]?.trimEnd(), clean(kept[0]?.trimEnd() ?? ''));
    assert.ok(kept[0]?.includes('\\u001b]0;owned'), 'nothing of it is lost in the file');
  }
});

test('tellRecord: a reason of a thousand characters is kept whole in the file', () => {
  const kept: string[] = [];
  const file = { append: (line: string) => void kept.push(line), close: () => undefined };
  const reason = 'ü'.repeat(1_000);
  tellRecord(createLog({ level: 'info', file, output: null, now: () => 0 }), fileFact('skip asked', { by: 'ann', reason }));
  assert.ok(kept[0]?.includes(reason));
});

test.run();
