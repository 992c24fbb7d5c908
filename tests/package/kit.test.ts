// timeout: 300s
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assertCurrent } from '../../scripts/kit/current.ts';
import { executablesIn } from '../../scripts/kit/executables.ts';
import { makeKit } from '../../scripts/kit/make-kit.ts';
import { signingKey } from '../../scripts/kit/signing-key.ts';
import { stored } from '../../scripts/package/compressed.ts';
import { findTarget } from '../../scripts/package/targets.ts';
import { asUser, executableName, freshHome, kitFolder, privateKey, realKit, remove, stickOf } from './kit-bed.ts';
import { executable } from './support.ts';

const root = kitFolder();
const dist = join(root, 'dist');
const key = privateKey();
let kit = '';
let home = '';

test.before(async () => {
  kit = await realKit(dist, key);
  home = freshHome(root);
});
test.after(() => remove(root));

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

test('makeKit: has every file of a kit, with the same modes and times wherever it is made', () => {
  const names = ['INSTALL.txt', 'LICENSE', 'THIRD-PARTY.txt', 'install.cmd', 'install.sh', 'sluice.cdx.json'];
  const more = ['CHECKSUMS', 'CHECKSUMS.sig', 'SIGNING-KEY.pub', 'sluice.toml.example', `bin/${executableName}`];
  assert.equal(filesOf(kit), [...names, ...more].sort());
  const modes = filesOf(kit).map((path) => (statSync(join(kit, path)).mode & 0o777).toString(8));
  assert.equal([...new Set(modes)].sort(), ['644', '755']);
  assert.is(new Set(filesOf(kit).map((path) => statSync(join(kit, path)).mtimeMs)).size, 1);
});

test('makeKit: gives the same bytes when it runs again', async () => {
  const before = filesOf(kit).map((path) => readFileSync(join(kit, path)));
  assert.is((await makeKit({ dist, privateKey: key })).folder, kit);
  for (const [index, path] of filesOf(kit).entries()) assert.ok(before[index]?.equals(readFileSync(join(kit, path))), path);
  assert.equal(readdirSync(dist).sort(), ['kit', executableName]);
});

test('INSTALL.txt: one page that every terminal can show', () => {
  const text = readFileSync(join(kit, 'INSTALL.txt'), 'utf8');
  assert.ok(text.split('\n').length <= 61);
  for (const line of text.split('\n')) assert.match(line, /^[\x20-\x7e]{0,80}$/);
});

test('install.cmd, install.sh: each has the line ends of its shell, and only ASCII', () => {
  for (const [name, lines] of [
    ['install.cmd', /^([\x20-\x7e]*\r\n)+$/],
    ['install.sh', /^([\x20-\x7e]*\n)+$/],
  ] as const)
    assert.match(readFileSync(join(kit, name), 'latin1'), lines);
});

test('sluice.cdx.json: is CycloneDX 1.6, and lists the components whose licences are in THIRD-PARTY.txt', async () => {
  const text = readFileSync(join(kit, 'sluice.cdx.json'), 'utf8');
  assert.is(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text), null);
  const broken = text.replace('"type": "platform"', '"type": "plattform"');
  assert.is.not(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(broken), null);
  const { components } = JSON.parse(text) as { components: readonly { name: string; version: string }[] };
  const licences = readFileSync(join(kit, 'THIRD-PARTY.txt'), 'utf8').split('\n');
  for (const { name, version } of components) assert.ok(licences.includes(`${name} ${version}`), name);
  const names = components.map(({ name }) => name);
  for (const name of ['Node.js', 'SQLite', 'better-sqlite3', 'blessed', 'commander', 'vscode-jsonrpc'])
    assert.ok(names.includes(name), name);
  assert.not(names.some((name) => name.startsWith('@sluice/') || name === 'esbuild'));
});

test('sluice kit verify: one changed byte in any file of the kit is refused, and the file is named', async () => {
  const stick = stickOf(kit, root);
  const program = join(root, 'sluice');
  writeFileSync(program, readFileSync(await executable()), { mode: 0o755 });
  const whole = await asUser(home, program, ['kit', 'verify', stick]);
  assert.is(whole.code, 0, whole.stderr);
  assert.match(whole.stdout, /signed by the key {2}[0-9a-f]{4}( [0-9a-f]{4}){7}\n/);
  for (const path of filesOf(stick)) {
    const bytes = readFileSync(join(stick, path));
    const changed = Buffer.from(bytes);
    const at = Math.floor(bytes.length / 2);
    changed[at] = (changed[at] ?? 0) ^ 1;
    writeFileSync(join(stick, path), changed);
    const { code, stdout, stderr } = await asUser(home, program, ['kit', 'verify', stick]);
    assert.is(code, 1, path);
    assert.is(stdout, '');
    assert.ok(stderr.includes(path), `${path}: ${stderr}`);
    writeFileSync(join(stick, path), bytes);
  }
  writeFileSync(join(stick, '.DS_Store'), '');
  assert.is((await asUser(home, program, ['kit', 'verify', stick])).code, 0);
  writeFileSync(join(stick, 'bin', 'sluice.toml'), '');
  assert.match((await asUser(home, program, ['kit', 'verify', stick])).stderr, /bin\/sluice\.toml is not in CHECKSUMS/);
  remove(stick);
});

test('sluice kit verify: without a folder it verifies the kit that contains the executable', async () => {
  const { code, stdout } = await asUser(home, join(kit, 'bin', executableName), ['kit', 'verify']);
  assert.is(code, 0);
  assert.ok(stdout.includes(kit));
  const outside = await asUser(home, join(dist, executableName), ['kit', 'verify']);
  assert.is(outside.code, 2);
});

test('a stick is not an installation: a command that would copy from it says what to run instead', async () => {
  const program = join(kit, 'bin', executableName);
  for (const args of [[], ['run'], ['start'], ['restart'], ['init'], ['service', 'install']]) {
    const { code, stderr } = await asUser(home, program, args);
    assert.is(code, 2, args.join(' '));
    assert.match(stderr, /installation stick.*install\.sh/);
  }
  assert.equal(readdirSync(join(kit, 'bin')), [executableName]);
});

test('--portable: works from the stick, with sluice.toml and state next to the executable', async () => {
  const stick = stickOf(kit, root);
  const bin = join(stick, 'bin');
  const [source, destination] = [join(root, 'source'), join(root, 'destination')];
  for (const folder of [source, destination]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(source, 'a.bin'), 'carried');
  const { runBare } = await import('./support.ts');
  const run = (args: readonly string[]) => runBare(join(bin, executableName), args, { cwd: root, env: { HOME: home, PATH: '' } });
  const made = await run(['init', '--portable', '--from', source, '--to', destination]);
  assert.is(made.code, 0, made.stderr);
  const quick = ['--stable-after', '200ms', '--scan-every', '200ms', '--space-keep-free', '1MB'];
  const { code, stderr } = await run(['run', '--portable', '--until-idle', ...quick]);
  assert.is(code, 0, stderr);
  assert.is(readFileSync(join(destination, 'a.bin'), 'utf8'), 'carried');
  assert.equal(readdirSync(bin).sort(), [executableName, 'sluice-state', 'sluice.toml']);
  remove(stick);
});

test('executablesIn: no executable at all is an error that names the command', () => {
  assert.throws(() => executablesIn(join(root, 'empty')), /npm run package -- --target all/);
  assert.is(executablesIn(dist).missing.length, 4);
});

test('assertCurrent: refuses an executable of other sources', () => {
  const folder = join(root, 'stale');
  mkdirSync(folder);
  for (const name of ['main.cjs', 'program.cjs', 'status.cjs', 'children.cjs']) writeFileSync(join(folder, name), `of today: ${name}`);
  const today = [
    Buffer.from('of today: main.cjs'),
    ...['program', 'status', 'children'].map((name) => stored(`${name}.cjs`, Buffer.from(`of today: ${name}.cjs`))),
  ];
  writeFileSync(join(folder, 'sluice-linux-arm64'), Buffer.concat(today));
  assert.not.throws(() => assertCurrent(folder, [findTarget('linux-arm64')], folder));
  writeFileSync(join(folder, 'sluice-linux-arm64'), Buffer.concat(today.slice(0, 3)));
  assert.throws(() => assertCurrent(folder, [findTarget('linux-arm64')], folder), /other sources.*--target linux-arm64/);
});

test('signingKey: returns the named key, or else creates one once, with a warning', () => {
  const folder = join(root, 'keys');
  const made = signingKey(undefined, folder);
  assert.match(made.loudly.join('\n'), /ONE WAS MADE/);
  assert.is(statSync(join(folder, 'kit-signing-key.pem')).mode & 0o077, 0);
  const again = signingKey('', folder);
  assert.is(again.pem, made.pem);
  assert.not.match(again.loudly.join('\n'), /MADE/);
  assert.equal(signingKey(join(folder, 'kit-signing-key.pem'), dist), { pem: made.pem, loudly: [] });
  assert.throws(() => signingKey(join(folder, 'none'), dist), /cannot read .* \(ENOENT\)/);
  writeFileSync(join(folder, 'no-key'), 'no key');
  assert.throws(() => signingKey(join(folder, 'no-key'), dist), /openssl genpkey/);
  rmSync(folder, { recursive: true });
});

test.run();
