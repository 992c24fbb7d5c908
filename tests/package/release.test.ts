import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execPath } from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { version } from '../../apps/sluice/src/version.ts';
import { namedKey } from '../../scripts/kit/signing-key.ts';
import { makeRelease } from '../../scripts/release/make-release.ts';
import { assertTag, notesOf } from '../../scripts/release/notes.ts';

const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const changelog =
  '# Changelog\n\n## [Unreleased]\n\n- next\n\n## [0.2.0]\n\n- new\n\n## [0.1.0] - 2026-12-01\n\n### Added\n\n- `run` copies\n- more\n\n## [0.0.1] - 2026-01-01\n';

test('notesOf: the section of this version, and no other', () => {
  assert.is(notesOf(changelog, '0.1.0'), '### Added\n\n- `run` copies\n- more\n');
  assert.throws(() => notesOf(changelog, '0.2.0'), /has no date; write "## \[0\.2\.0\] - YYYY-MM-DD"/);
  assert.throws(() => notesOf(changelog, '0.0.1'), /is empty/);
  assert.throws(() => notesOf(changelog, '0.1'), /no section \[0\.1\]; rename \[Unreleased\]/);
});

test('assertTag: accepts only the tag of these sources', () => {
  assertTag('v0.1.0', '0.1.0');
  for (const tag of ['0.1.0', 'v0.1.1', 'v0.1.0-rc1', '']) assert.throws(() => assertTag(tag, '0.1.0'), /v0\.1\.0 is the tag of these/);
});

test('namedKey: reads a file, or the text of a secret; refuses a key that is not for Ed25519, and creates none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-key-'));
  const file = join(folder, 'key.pem');
  writeFileSync(file, pem);
  try {
    assert.is(namedKey({ file, pem: 'not looked at' }), pem);
    assert.is(namedKey({ file: '', pem }), pem);
    assert.is(namedKey({ file: undefined, pem: '' }), null);
    assert.throws(() => namedKey({ file: undefined, pem: 'a secret that was cut off' }), /SLUICE_SIGNING_KEY_PEM is not a private key/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('makeRelease: refuses if an executable is missing', async () => {
  const dist = mkdtempSync(join(tmpdir(), 'sluice-release-'));
  writeFileSync(join(dist, 'sluice-linux-x64'), '');
  try {
    await makeRelease({ dist, privateKey: pem });
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), /sluice-linux-arm64, sluice-win-x64\.exe, sluice-darwin-x64, sluice-darwin-arm64; npm run package/);
  } finally {
    rmSync(dist, { recursive: true });
  }
});

test('sign.ts: the code that has the key imports only sources of Sluice and modules of Node', () => {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, 'utf8').replaceAll(/^import type .*$/gm, '');
    for (const [, what = ''] of text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)) {
      if (what.startsWith('.')) visit(join(dirname(file), what));
      else assert.ok(what.startsWith('node:'), `${file} imports ${what}`);
    }
  };
  visit(join(import.meta.dirname, '../../scripts/release/sign.ts'));
  assert.ok(seen.size > 8);
});

test('release.yml: the step with the key is in a job that installs nothing', () => {
  const text = readFileSync(join(import.meta.dirname, '../../.github/workflows/release.yml'), 'utf8');
  const jobs = text.split(/^ {2}(?=\w+:$)/m).filter((job) => job.includes('secrets.SLUICE_SIGNING_KEY_PEM'));
  assert.is(jobs.length, 1);
  assert.not.match(jobs[0] ?? '', /npm (?:ci|run|install|test)|npx/);
});

test('npm run release: refuses a tag of other sources before anything is made', () => {
  const script = join(import.meta.dirname, '../../scripts/release/release.ts');
  try {
    execFileSync(execPath, ['--disable-warning=ExperimentalWarning', script, '--check', '--tag', 'v99.0.0'], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    assert.unreachable();
  } catch (error) {
    assert.match((error as { stderr: string }).stderr, `release: the tag is v99.0.0, and the sources are ${version}`);
  }
});

test.run();
