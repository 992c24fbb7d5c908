import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createExporter } from '../../src/export/exporter.ts';
import type { Message, PastExport } from '../../src/model/model.ts';
import { historyOutages, now, pair } from '../views/sample-model.ts';

process.env['TZ'] = 'UTC';

const test = suite<{ folder: string }>('an export of the history');
test.before.each((context) => {
  context.folder = mkdtempSync(path.join(tmpdir(), 'sluice-export-'));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const past: PastExport = { range: '7d', filter: '', files: pair, outages: historyOutages, newest: null };
const name = 'sluice-history-7d-2026-11-23-140231.csv';

const findPath = async (folders: readonly string[], avoid: readonly string[] = []): Promise<Message> =>
  createExporter(
    () => folders,
    () => now,
  )({ do: 'find_path', past, avoid });
const pathOf = (message: Message): string | null => (message.kind === 'path_found' ? message.path : null);
const write = (file: string): Promise<Message> => createExporter(() => [])({ do: 'export', past, path: file });

test('findPath: returns the first writable folder, and a name with its range and moment', async ({ folder }) => {
  assert.equal(await findPath([folder, '/']), { kind: 'path_found', past, path: path.join(folder, name) });
  assert.is(pathOf(await findPath([path.join(folder, 'missing'), folder])), path.join(folder, name));
});

test('findPath: skips a folder that may not be written', async ({ folder }) => {
  const closed = path.join(folder, 'closed');
  mkdirSync(closed);
  chmodSync(closed, 0o500);
  // Root may write anywhere.
  if (process.getuid?.() === 0) return;
  assert.is(pathOf(await findPath([closed, folder])), path.join(folder, name));
});

test('findPath: avoids folders in which the file would be copied', async ({ folder }) => {
  const [source, other] = [path.join(folder, 'in'), path.join(folder, 'in-not')];
  mkdirSync(path.join(source, 'deep'), { recursive: true });
  mkdirSync(other);
  for (const avoided of [source, path.join(source, 'deep')]) {
    assert.is(pathOf(await findPath([avoided, other], [source])), path.join(other, name));
  }
  const nowhere = await findPath([source], [source]);
  assert.ok(nowhere.kind === 'done' && nowhere.isBad && nowhere.text.includes(source));
});

test('findPath: never returns a name that is taken, not even by a link to nowhere', async ({ folder }) => {
  writeFileSync(path.join(folder, name), 'mine');
  symlinkSync('nowhere', path.join(folder, name.replace('.csv', '-2.csv')));
  assert.is(pathOf(await findPath([folder])), path.join(folder, name.replace('.csv', '-3.csv')));
});

test('export: writes files, then outages, and says how many and where', async ({ folder }) => {
  const file = path.join(folder, name);
  assert.equal(await write(file), { kind: 'exported', path: file, count: '2 files and 2 outages' });
  const [titles, recovery, failed, outage, ...rest] = readFileSync(file, 'utf8').split('\r\n');
  assert.is(
    titles,
    '\ufeff"kind","route","source","destination","state","sizeBytes","copiedBytes","startedAt","endedAt","hash","readback","errorKind","errorCode","sentence","attempt","id","recoveryOf","recoveredBy"',
  );
  assert.match(recovery ?? '', '"file","ingest","video1.mxf","video1_1.mxf","COMPLETED",48200000000,');
  assert.match(recovery ?? '', '"2026-11-23T14:00:31.000Z","xxh64:0123456789abcdef","direct"');
  assert.match(failed ?? '', '"network_interruption","EIO","the destination went away at 45.2%;');
  assert.match(failed ?? '', ',1,"failed",,"again"');
  assert.match(outage ?? '', '"outage","ingest",,,,,,"2026-11-23T13:49:50.000Z",,,,"timeout",,"the destination does not answer",,,,');
  assert.equal(rest.length, 2);
  if (process.platform !== 'win32') assert.is(statSync(file).mode & 0o777, 0o600, 'it names files of folders that others may not read');
});

test('export: a file that exists by now is left alone, with a message', async ({ folder }) => {
  const file = path.join(folder, name);
  writeFileSync(file, 'mine');
  const shown = await write(file);
  assert.ok(shown.kind === 'done' && shown.isBad);
  assert.match(shown.text, `cannot write ${file}: a file with this name exists now`);
  assert.is(readFileSync(file, 'utf8'), 'mine');
});

test('export: a write that fails is explained, and leaves no file', async ({ folder }) => {
  const gone = await write(path.join(folder, 'gone', name));
  assert.ok(gone.kind === 'done' && gone.isBad && gone.text.endsWith(': the folder no longer exists'));
  assert.equal(readdirSync(folder), []);
});

test.run();
