import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { windowsFolders } from '../src/plan.ts';
import { assertProtected, putHost, removeHost } from '../src/windows/install.ts';

const windows = windowsFolders({
  ProgramW6432: 'C:\\Program Files',
  ProgramFiles: 'C:\\Program Files',
  'ProgramFiles(x86)': 'C:\\Program Files (x86)',
  SystemRoot: 'C:\\Windows',
  ProgramData: 'C:\\ProgramData',
});
const folder = mkdtempSync(join(tmpdir(), 'sluice-host-'));
test.after(() => rmSync(folder, { recursive: true }));

test('windowsFolders: lists each folder once, and the usual ones if nothing is set', () => {
  assert.equal(windows.programFiles, ['C:\\Program Files', 'C:\\Program Files (x86)']);
  assert.equal(windowsFolders({}), { systemRoot: 'C:\\Windows', programFiles: [], programData: 'C:\\ProgramData' });
});

for (const [program, isProtected] of [
  ['C:\\Program Files\\Sluice\\sluice.exe', true],
  ['c:\\program files (X86)\\a\\b\\sluice.exe', true],
  ['C:\\Windows\\sluice.exe', true],
  ['C:\\Program Files Too\\sluice.exe', false],
  ['C:\\Users\\ann\\sluice.exe', false],
  ['\\\\nas\\tools\\sluice.exe', false],
] as const) {
  test(`assertProtected: ${program}`, () => {
    if (isProtected) assertProtected(program, windows);
    else assert.throws(() => assertProtected(program, windows), /other users can replace: put sluice\.exe into C:\\Program Files\\Sluice/);
  });
}

test('putHost: replaces a version that may still run; the old file gets another name until the next installation', () => {
  const host = join(folder, 'sluice-service.exe');
  const former = join(folder, 'sluice-service.former.exe');
  for (const version of ['first', 'second', 'third']) putHost(host, Buffer.from(version));
  assert.equal([readFileSync(host, 'utf8'), readFileSync(former, 'utf8')], ['third', 'second']);
  putHost(host, Buffer.from('third'));
  assert.is(readFileSync(former, 'utf8'), 'second');
  removeHost(host);
  assert.equal(readdirSync(folder), []);
  removeHost(host);
});

test('putHost: leaves nothing behind if the executable does not contain the host', () => {
  assert.throws(() => putHost(join(folder, 'x.exe'), null), 'holds no sluice-service.exe');
  assert.not(existsSync(join(folder, 'x.exe')));
});

test.run();
