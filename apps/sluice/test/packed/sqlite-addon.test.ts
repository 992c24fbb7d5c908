import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseMountinfo } from '@sluice/platform';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadAddon, loadUnpacked, sqliteAddon } from '../../src/packed/sqlite-addon.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-addon-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));

const noAddon = join(folder, 'no-addon.node');
writeFileSync(noAddon, 'this is not an addon');
const mount = (options: string): string => `30 1 0:30 / ${folder} ${options} - tmpfs tmpfs rw\n`;

function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  return 'it went well';
}

test('sqliteAddon: is undefined in a checkout', () => {
  assert.is(sqliteAddon(folder), undefined);
});

test('loadAddon: names a folder that programs may not run from, and what to do', () => {
  const message = messageOf(() => loadAddon(noAddon, () => parseMountinfo(mount('rw,nosuid,noexec'))));
  assert.ok(message.includes(`from ${folder}: no program can run from there, because it is mounted noexec`), message);
  assert.ok(message.endsWith('name another folder of this machine in the environment variable SLUICE_NATIVE_DIR'), message);
});

test('loadAddon: any other error is passed on unchanged', () => {
  const message = messageOf(() => loadAddon(noAddon, () => parseMountinfo(mount('rw'))));
  assert.ok(message.includes('no-addon.node'), message);
  assert.not(message.includes('noexec'));
});

test('loadUnpacked: an addon that an agent of another version swept away is unpacked again', () => {
  const path = join(folder, 'swept.node');
  let puts = 0;
  const put = (): string => {
    writeFileSync(path, String(++puts));
    return path;
  };
  const load = (): object => {
    if (puts === 1) rmSync(path);
    return { read: readFileSync(path, 'utf8') };
  };
  assert.equal(loadUnpacked(put, load), { addon: { read: '2' }, path });
});

test('loadUnpacked: an addon that exists and cannot be loaded is reported at once', () => {
  let puts = 0;
  const put = (): string => {
    puts++;
    return noAddon;
  };
  assert.throws(() => loadUnpacked(put), /cannot load SQLite's native part/);
  assert.is(puts, 1);
});

test.run();
