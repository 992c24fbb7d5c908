import { chmodSync, existsSync, mkdirSync, readFileSync, rmdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { anyCharacter } from '@sluice/core/fixtures/any-character';
import { temporaryFolder } from '@sluice/testkit';
import { clean, cleanJson } from '@sluice/words';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createLogFile } from '../../src/log/file.ts';
import { createLog, humanLine } from '../../src/log/log.ts';
import { type LineOutput, lineOutput } from '../../src/log/output.ts';

const freshFile = () => path.join(temporaryFolder('log'), 'sluice.log');
const read = (file: string) => readFileSync(file, 'utf8');
const now = () => Date.UTC(2026, 0, 2, 3, 4, 5, 678);

function memoryOutput(): LineOutput & { readonly lines: string[] } {
  const lines: string[] = [];
  const write = (line: string): boolean => lines.push(line) > 0;
  return { lines, write, hasRoom: () => true, isIdle: () => true, failure: () => null, drain: () => undefined, isClosed: () => false };
}

const hostile: readonly [string, string, string][] = [
  ['escape sequences', 'a\u001b[31mb', 'a?[31mb'],
  ['C1 sequences', 'a\u009b31mb\u0085', 'a?31mb?'],
  ['newlines and tabs', 'a\r\nb\tc\u0000\u007f', 'a??b?c??'],
  ['bidi overrides', 'x\u202egpj.exe\u2066\u200f', 'x?gpj.exe??'],
  ['zero-width characters', 'a\u200bb\u200dc\ufeff\u00ad\u2060', 'a?b?c???'],
  ['lone surrogates', 'a\ud800b\udfff', 'a?b?'],
  ['line separators', 'a\u2028b\u2029', 'a?b?'],
  ['tags and variation selectors beyond the plane', 'a\u{e0041}\u{e0100}', 'a??'],
  ['fillers', 'a\u3164\u115f\u034f', 'a???'],
  ['nothing in honest names', 'Grüße 日本語 😀 ملف {bold}.mxf', 'Grüße 日本語 😀 ملف {bold}.mxf'],
];
for (const [name, given, expected] of hostile) test(`clean replaces ${name}`, () => assert.is(clean(given), expected));

test('clean is idempotent and leaves no control characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), (text) => {
      const once = clean(text);
      return clean(once) === once && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(once);
    }),
  );
});

test('cleanJson loses nothing and has no unsafe character', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), (text) => {
      const json = cleanJson({ text });
      return (JSON.parse(json) as { text: string }).text === text && clean(json) === json;
    }),
  );
});

test('createLog.together: the lines are written to the file in one piece, in order, before it returns', () => {
  const pieces: string[] = [];
  const file = { append: (text: string): void => void pieces.push(text), close: () => undefined };
  const log = createLog({ level: 'info', file, output: null, now });
  log.together?.(() => {
    log.info('first');
    log.forRoute('ingest').info('second');
    assert.equal(pieces, []);
  });
  assert.is(pieces.length, 1);
  const messages = pieces[0]?.split('\n').map((line) => (JSON.parse(line) as { message: string }).message);
  assert.equal(messages, ['first', 'second']);
  assert.throws(() =>
    log.together?.(() => {
      log.info('third');
      throw new Error('planted');
    }),
  );
  log.info('fourth');
  assert.equal(
    pieces.slice(1).map((line) => (JSON.parse(line) as { message: string }).message),
    ['third', 'fourth'],
  );
});

test('createLog writes JSON lines to the file and sentences for people', () => {
  const file = freshFile();
  const output = memoryOutput();
  const log = createLog({ level: 'info', file: createLogFile({ path: file, maxSizeBytes: 10_000, keep: 1 }), output, now });
  log.debug('not this');
  log.forRoute('ingest').warn('nas\u001b[2J is gone', { code: 'EIO', level: 'forged' });
  log.close();
  const line = JSON.parse(read(file)) as unknown;
  assert.equal(line, { at: '2026-01-02T03:04:05.678Z', level: 'warn', route: 'ingest', message: 'nas\u001b[2J is gone', code: 'EIO' });
  assert.not.ok(read(file).includes('\u001b'));
  assert.is(output.lines.length, 1);
  assert.match(output.lines[0] ?? '', /^\d\d:04:05 warn {2}ingest: nas\?\[2J is gone$/);
  assert.is(statSync(file).mode & 0o777, 0o600);
});

test('createLog follows a level that changes later', () => {
  const output = memoryOutput();
  let level: 'info' | 'debug' | 'error' = 'info';
  const log = createLog({
    get level() {
      return level;
    },
    file: null,
    output,
    now,
  });
  log.debug('too little');
  level = 'debug';
  log.debug('now');
  level = 'error';
  log.info('too little again');
  assert.equal(
    output.lines.map((line) => line.replace(/^.* /, '')),
    ['now'],
  );
});

test('createLog limits the length of a line', () => {
  const file = freshFile();
  const log = createLog({ level: 'debug', file: createLogFile({ path: file, maxSizeBytes: 1e6, keep: 1 }), output: null, now });
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  log.info('x'.repeat(1e6), { big: 'y'.repeat(1e6) });
  log.info('circle', { circle, count: 5n });
  log.close();
  const lines = read(file).trimEnd().split('\n');
  assert.is(lines.length, 2);
  assert.ok(lines.every((line) => line.length < 70_000 && JSON.parse(line) !== null));
  assert.ok(humanLine(now(), 'info', null, 'z'.repeat(1e5)).length <= 1000);
});

test('createLogFile rotates by size, keeps a number of files, and continues after a restart', () => {
  const file = freshFile();
  for (let run = 0; run < 3; run += 1) {
    const log = createLogFile({ path: file, maxSizeBytes: 100, keep: 2 });
    for (let line = 0; line < 10; line += 1) log.append(`${run}.${line} ${'x'.repeat(20)}`);
    log.close();
  }
  const files = [file, `${file}.1`, `${file}.2`];
  assert.ok(files.every((name) => statSync(name).size <= 100));
  assert.not.ok(existsSync(`${file}.3`));
  assert.match(read(file), /2\.9/);
  const kept = files.toReversed().flatMap((name) => read(name).trimEnd().split('\n'));
  assert.equal(
    kept.map((line) => line.slice(0, 3)),
    ['2.0', '2.1', '2.2', '2.3', '2.4', '2.5', '2.6', '2.7', '2.8', '2.9'].slice(-kept.length),
  );
});

test('createLogFile with keep 0 keeps only the current one', () => {
  const file = freshFile();
  const log = createLogFile({ path: file, maxSizeBytes: 50, keep: 0 });
  for (let line = 0; line < 10; line += 1) log.append(`${line} ${'x'.repeat(20)}`);
  log.close();
  assert.not.ok(existsSync(`${file}.1`));
  assert.ok(statSync(file).size <= 50);
});

test('createLog reports once that the file cannot be written, continues, and reports how many lines are missing', () => {
  const file = freshFile();
  const output = memoryOutput();
  mkdirSync(file);
  const log = createLog({ level: 'info', file: createLogFile({ path: file, maxSizeBytes: 1000, keep: 1 }), output, now });
  log.info('one');
  log.info('two');
  assert.is(output.lines.filter((line) => line.includes(`cannot be written (${file} is a folder, not a file)`)).length, 1);
  assert.is(output.lines.length, 3);
  chmodSync(file, 0o700);
  rmdirSync(file);
  log.info('three');
  log.close();
  const messages = read(file)
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { message: string }).message);
  assert.equal(messages, ['2 lines could not be written here', 'three']);
});

const busy = () => Object.assign(new Error('busy'), { code: 'EAGAIN' });

test('lineOutput keeps lines for a stalled reader, drops whole lines beyond its limit, and reports how many', () => {
  let isStalled = true;
  let got = '';
  const writeSome = (bytes: Uint8Array) => {
    if (isStalled) throw busy();
    const part = bytes.subarray(0, 7);
    got += Buffer.from(part).toString();
    return part.length;
  };
  const output = lineOutput(2, { writeSome, maxWaitingBytes: 100 });
  const kept = Array.from({ length: 20 }, (_, index) => output.write(`line ${String(index).padStart(3, '0')}`));
  assert.is(kept.filter(Boolean).length, 11);
  isStalled = false;
  output.drain(1000);
  output.write('again');
  output.drain(1000);
  const lines = got.trimEnd().split('\n');
  assert.is(lines[10], 'line 010');
  assert.equal(lines.slice(11), ['(9 lines were not shown: nobody was reading)', 'again']);
});

test('lineOutput is closed when its reader is closed, and never throws', () => {
  const output = lineOutput(2, {
    writeSome: () => {
      throw Object.assign(new Error('gone'), { code: 'EPIPE' });
    },
  });
  assert.is(output.isClosed(), false);
  output.write('x');
  assert.is(output.isClosed(), true);
  assert.is(output.write('y'), false);
  output.drain(5);
});

test.run();
