import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hasConfigFile, newConfigFile, writeConfigFile } from '../src/locations/new-file.ts';
import { routeWithDefaults, suggestedRouteName } from '../src/routes/routes.ts';
import { around, complaint, freshFolder, put } from './support.ts';

test('newConfigFile: returns the named file, else the location where run looks for it', () => {
  const folder = freshFolder();
  const here = around(folder);
  const at = (isAdministrator: boolean, config?: string) => newConfigFile({ config, around: here, isAdministrator });
  assert.is(at(false, 'x.toml'), path.join(folder, 'x.toml'));
  assert.is(at(false), path.join(folder, 'home/.config/sluice/sluice.toml'));
  assert.is(at(true), '/etc/sluice/sluice.toml');
  assert.throws(() => newConfigFile({ around: around(folder, { env: {} }), isAdministrator: false }), /-c FILE/);
});

test('hasConfigFile: a file that cannot be read still counts', () => {
  const folder = freshFolder();
  const here = around(folder);
  assert.is(hasConfigFile({ around: here }), existsSync('/etc/sluice/sluice.toml'));
  assert.is(hasConfigFile({ config: 'mine.toml', around: here }), false);
  chmodSync(put(path.join(folder, 'mine.toml'), 'nonsense'), 0);
  assert.is(hasConfigFile({ config: 'mine.toml', around: here }), true);
  put(path.join(folder, 'home/.config/sluice/sluice.toml'), '');
  assert.is(hasConfigFile({ around: here }), true);
});

test('writeConfigFile: creates the folders, and never replaces a file', async () => {
  const folder = freshFolder();
  const file = path.join(folder, 'a/b/sluice.toml');
  writeConfigFile(file, 'one\n', around(folder));
  assert.is(readFileSync(file, 'utf8'), 'one\n');
  const again = complaint(Promise.resolve().then(() => writeConfigFile(file, 'two\n', around(folder))));
  assert.is(await again, `cannot write ${file}: the file exists already, and Sluice never replaces it; give another with -c FILE`);
  assert.is(readFileSync(file, 'utf8'), 'one\n');
});

test('writeConfigFile: reports why a folder cannot be written', async () => {
  const folder = freshFolder();
  mkdirSync(path.join(folder, 'home'));
  writeFileSync(path.join(folder, 'home/file'), '');
  const file = path.join(folder, 'home/file/sluice.toml');
  assert.match(
    await complaint(Promise.resolve().then(() => writeConfigFile(file, '', around(folder)))),
    /^cannot write .*: its folder .* cannot be created \((EEXIST|ENOTDIR)\)/,
  );
});

test('routeWithDefaults: makes a route of two folders with every default', () => {
  const { source, destination, stableAfterMs, growing } = routeWithDefaults({ source: 'in', destination: '/out' }, around('/w'));
  assert.equal([source, destination, stableAfterMs, growing.enabled], ['/w/in', '/out', 30_000, true]);
});

test('suggestedRouteName: returns the last folder if it is a valid name', () => {
  const cases = { '/srv/ingest 1/': 'ingest', '/srv/cam-a': 'cam-a', 'D:\\rec\\studio': 'studio', '/': 'ingest', '/ü': 'ingest' };
  for (const [source, name] of Object.entries(cases)) assert.is(suggestedRouteName(source), name, source);
});

test.run();
