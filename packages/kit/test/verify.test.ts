// group: package
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { RememberedKey } from '../src/remembered-key.ts';
import { verifyKit, verifySeal } from '../src/verify.ts';
import { keyPair, layKit, seal } from './sample.ts';

const key = keyPair();
let kit = '';
let files: readonly string[] = [];

test.before.each(() => {
  kit = mkdtempSync(join(tmpdir(), 'sluice-kit-'));
  files = layKit(kit, key);
});
test.after.each(() => rmSync(kit, { recursive: true, force: true }));

/** Returns the problems, each as `file why`. */
async function problems(remembered: readonly RememberedKey[] = []): Promise<readonly string[]> {
  return (await verifyKit(kit, remembered)).problems.map(({ file, why }) => `${file} ${why}`);
}

test('verifyKit: an undamaged kit has no problem, and a fingerprint', async () => {
  const { fingerprint, ...verdict } = await verifyKit(kit, []);
  assert.equal(verdict, { problems: [], pem: key.publicKey, files: 5 });
  assert.match(fingerprint ?? '', /^[0-9a-f]{4}( [0-9a-f]{4}){7}$/);
});

test('verifyKit: a flipped bit in any byte is found, and its file is named', async () => {
  // A kit of one program, because every flipped bit needs a whole verification.
  rmSync(kit, { recursive: true });
  for (const file of layKit(kit, key, ['bin/sluice-linux-x64'])) {
    const whole = readFileSync(join(kit, file));
    for (let at = 0; at < whole.length; at += 1) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      writeFileSync(join(kit, file), changed);
      const found = await problems();
      assert.ok(
        found.some((problem) => problem.startsWith(file) || problem.includes(`in ${file}`)),
        `byte ${at} of ${file}: ${found.join('; ')}`,
      );
    }
    writeFileSync(join(kit, file), whole);
  }
  assert.equal(await problems(), []);
});

test('verifyKit: a file that is longer, shorter or missing is named', async () => {
  for (const file of files) {
    const whole = readFileSync(join(kit, file));
    for (const changed of [Buffer.concat([whole, Buffer.from('\n')]), whole.subarray(0, -1), whole.subarray(0, 0)]) {
      writeFileSync(join(kit, file), changed);
      assert.match((await problems()).join('; '), file);
    }
    rmSync(join(kit, file));
    assert.ok((await problems()).includes(`${file} is missing`), file);
    writeFileSync(join(kit, file), whole);
  }
});

test('verifyKit: a file that is not listed is refused, wherever it is', async () => {
  for (const [folder, file] of [
    ['.', 'autorun.inf'],
    ['bin', 'bin/sluice.toml'],
    ['more/below', 'more/below/x'],
  ] as const) {
    mkdirSync(join(kit, folder), { recursive: true });
    writeFileSync(join(kit, file), '');
    assert.equal(await problems(), [`${file} is not in CHECKSUMS: somebody added it`]);
    rmSync(join(kit, file));
  }
});

test('verifyKit: a link is refused, even in place of a listed file', async () => {
  if (process.platform === 'win32') return;
  const elsewhere = mkdtempSync(join(tmpdir(), 'sluice-kit-'));
  writeFileSync(join(elsewhere, 'same'), readFileSync(join(kit, 'INSTALL.txt')));
  rmSync(join(kit, 'INSTALL.txt'));
  symlinkSync(join(elsewhere, 'same'), join(kit, 'INSTALL.txt'));
  assert.equal(await problems(), ['INSTALL.txt is a link or a special file, which a kit never contains']);
  rmSync(elsewhere, { recursive: true });
});

test('verifyKit: files that systems leave on sticks are ignored', async () => {
  for (const folder of ['.Trash-1000/files', '.Trashes', '.fseventsd', '.Spotlight-V100/Store', 'System Volume Information']) {
    mkdirSync(join(kit, folder), { recursive: true });
    writeFileSync(join(kit, folder, 'x'), 'x');
  }
  for (const file of ['.DS_Store', '._INSTALL.txt', 'bin/._sluice-linux-x64', 'Thumbs.db', 'THUMBS.DB', 'desktop.ini']) {
    writeFileSync(join(kit, file), 'x');
  }
  assert.equal(await problems(), []);
});

test('verifyKit: a list that leads out of the kit is refused, signed or not', async () => {
  const outside = join(kit, '..', 'sluice-kit-outside');
  writeFileSync(outside, 'x');
  seal(kit, ['../sluice-kit-outside', ...files.slice(0, -2)], key);
  assert.equal(await problems(), ['CHECKSUMS was changed: it is not a sorted list of checksums']);
  rmSync(outside);
});

test('verifyKit: a kit of another signer is refused if the earlier key is remembered, and both keys are named', async () => {
  const file = '/etc/sluice/SIGNING-KEY.pub';
  assert.equal(await problems([{ file, read: { pem: key.publicKey } }]), []);
  const [problem, ...more] = await problems([{ file, read: { pem: keyPair().publicKey } }]);
  assert.equal(more, []);
  assert.match(
    problem ?? '',
    /^SIGNING-KEY\.pub is another key \([0-9a-f ]{39}\) than that of the earlier installation \([0-9a-f ]{39}, in/,
  );
});

test('verifyKit: a remembered key that is unreadable or invalid is reported', async () => {
  assert.match((await problems([{ file: '/etc/a', read: { why: 'EACCES' } }])).join(), /^\/etc\/a contains .* \(EACCES\)$/);
  assert.match((await problems([{ file: '/etc/a', read: { pem: '' } }])).join(), /^\/etc\/a should contain the key/);
});

test('verifyKit: a FIFO, a device or an endless file under the name of a file is refused without waiting', async () => {
  if (process.platform === 'win32') return;
  for (const name of ['CHECKSUMS', 'CHECKSUMS.sig', 'SIGNING-KEY.pub', 'install.sh']) {
    const [file, whole] = [join(kit, name), readFileSync(join(kit, name))];
    rmSync(file);
    execFileSync('mkfifo', [file]);
    assert.ok((await problems()).includes(`${name} is a link or a special file, which a kit never contains`), name);
    rmSync(file);
    symlinkSync('/dev/zero', file);
    assert.ok((await problems()).includes(`${name} is a link or a special file, which a kit never contains`), name);
    rmSync(file);
    writeFileSync(file, whole);
    truncateSync(file, 2 ** 40);
    assert.ok((await problems()).includes(`${name} is far too large`), name);
    truncateSync(file, whole.length);
  }
  assert.equal(await problems(), []);
});

test('verifyKit: too many folders are refused before all are read', async () => {
  for (let index = 0; index < 2_001; index += 1) mkdirSync(join(kit, `folder-${index}`));
  assert.equal(await problems(), ['. holds more than 2000 files and folders, which no kit does']);
});

test('verifyKit: a version older than the installed one is refused, although its signature is valid', async () => {
  const of = (version: string): string => JSON.stringify({ metadata: { component: { version } } });
  const lay = (text: string): void => {
    writeFileSync(join(kit, 'sluice.cdx.json'), text);
    seal(kit, [...files.slice(0, -2), 'sluice.cdx.json'], key);
  };
  const asInstalled = async (installed: string): Promise<readonly string[]> =>
    (await verifyKit(kit, [], { installed })).problems.map(({ file, why }) => `${file} ${why}`);
  lay(of('1.9.0'));
  for (const installed of ['1.9.0', '1.8.12', '0.10.0', '1.9.0-rc.1']) assert.equal(await asInstalled(installed), [], installed);
  for (const installed of ['1.10.0', '2.0.0', '1.9.1', '1.10.0-rc.1'])
    assert.match(
      (await asInstalled(installed)).join(),
      /^sluice\.cdx\.json is of version 1\.9\.0, which is older than the installed one/,
      installed,
    );
  assert.equal(await problems(), [], 'nothing is installed');
  lay(of('1.9.0-rc.2'));
  assert.equal(await asInstalled('1.9.0-rc.1'), []);
  for (const installed of ['1.9.0', '1.9.0-rc.10']) assert.is((await asInstalled(installed)).length, 1, installed);
  for (const text of [of('latest'), 'no JSON', '{}', 'null']) {
    lay(text);
    assert.equal(await asInstalled('1.9.0'), ['sluice.cdx.json does not say which version this is'], text);
  }
});

test('verifySeal: verifies the files that vouch for the others, and does not read the others', () => {
  writeFileSync(join(kit, 'install.sh'), 'changed');
  assert.equal(verifySeal(kit, []).problems, []);
  writeFileSync(join(kit, 'CHECKSUMS.sig'), 'changed');
  assert.is(verifySeal(kit, []).problems[0]?.file, 'CHECKSUMS.sig');
});

test.run();
