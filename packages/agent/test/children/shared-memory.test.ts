// real: it creates files in memory
import { closeSync, fstatSync, mkdtempSync, openSync, readFileSync, rmSync, statfsSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { platform } from 'node:process';
import { routeSettings } from '@sluice/core/fixtures';
import { routeName } from '@sluice/core/model';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createWindows } from '../../src/children/shared-memory.ts';

const [one, other, alone] = [
  routeSettings({ name: routeName('one'), source: '/from', destination: '/a' }),
  routeSettings({ name: routeName('other'), source: '/from', destination: '/b' }),
  routeSettings({ name: routeName('alone'), source: '/elsewhere', destination: '/c' }),
];
const routes = [one, other, alone];

function isMemory(folder: string): boolean {
  try {
    return statfsSync(folder).type === 0x0102_1994;
  } catch {
    return false;
  }
}

test('take: carriers of one source get different windows of the same files, until all are taken', () => {
  const windowsOf = createWindows(routes);
  const seats = [windowsOf(one), windowsOf(other), windowsOf(one), windowsOf(other)].map((windows) => windows.take());
  assert.equal(
    seats.map((seat) => seat?.windows?.own),
    [0, 1, 2, 3],
  );
  assert.is(new Set(seats.map((seat) => JSON.stringify(seat?.windows?.files))).size, 1);
  assert.is(windowsOf(one).take(), null);
  seats[1]?.free();
  assert.is(windowsOf(other).take()?.windows?.own, 1, 'the place of a carrier that has ended');
  windowsOf(one).end();
});

test('take: the source of a single route is not shared', () => {
  assert.is(createWindows(routes)(alone).take(), null);
});

test('take: the files have no name, are for this user only, and their memory is returned when they are closed', () => {
  const windowsOf = createWindows(routes);
  const seat = windowsOf(one).take();
  const file = seat?.windows?.files[0];
  if (seat === null || file === undefined) throw new Error('there are no windows');
  const descriptor = openSync(file.path, 'r+');
  const facts = fstatSync(descriptor, { bigint: true });
  assert.equal([facts.nlink, facts.mode & 0o777n, String(facts.dev), String(facts.ino)], [0n, 0o600n, file.device, file.inode]);
  writeSync(descriptor, Buffer.alloc(10_000));
  seat.free();
  assert.is(fstatSync(descriptor).size, 0);
  closeSync(descriptor);
  windowsOf(one).end();
});

test('empty: the memory of a killed carrier is returned at once, its place only when it has ended', () => {
  const windowsOf = createWindows(routes);
  const seat = windowsOf(one).take();
  const path = seat?.windows?.files[0]?.path ?? '';
  writeFileSync(path, 'held');
  seat?.empty();
  assert.is(readFileSync(path, 'utf8'), '');
  assert.is(windowsOf(other).take()?.windows?.own, 1);
  windowsOf(one).end();
});

test('end: the files are closed once, and no place is given out after that', () => {
  const windowsOf = createWindows(routes);
  const seat = windowsOf(one).take();
  const path = seat?.windows?.files[0]?.path ?? '';
  windowsOf(one).end();
  windowsOf(other).end();
  seat?.free();
  assert.throws(() => openSync(path, 'r'), /ENOENT/);
  assert.is(windowsOf(one).take(), null);
});

test('createWindows: without files in memory every carrier reads alone', () => {
  assert.is(createWindows(routes, '/nowhere')(one).take(), null);
  assert.is(createWindows(routes, '/proc')(one).take(), null);
  const folder = mkdtempSync(join(import.meta.dirname, 'on-a-disk-'));
  const isOnDisk = !isMemory(folder);
  const seat = createWindows(routes, folder)(one).take();
  rmSync(folder, { recursive: true });
  if (isOnDisk) assert.is(seat, null);
});

if (platform === 'linux' && isMemory('/dev/shm')) test.run();
else console.log('skipped: windows: there is no /dev/shm');
