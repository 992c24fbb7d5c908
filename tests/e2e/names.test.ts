// group: package
import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, hashCopies, hashTree, makeFile, makeFolders, sha256 } from '../bed/folders.ts';
import { record } from '../bed/recorder.ts';
import { type Agent, describe, reported, reportedFiles, sluice, startAgent, stopAgents } from '../bed/sluice.ts';
import { run } from '../bed/tool.ts';

const test = suite<{ folders: Folders }>('names');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

function start(folders: Folders, args: readonly string[] = ['--until-idle']): Agent {
  return startAgent({ from: folders.source, to: folders.destination, stateDir: folders.stateDir, args });
}

const odd: readonly string[] = [
  'two  spaces.mxf',
  ' blank at both ends ',
  `it's "quoted" \`too\`.mxf`,
  'a new\nline.mxf',
  'tab\tbell\u0007 \u001b[31mred\u001b[0m.mxf',
  'delete\u007f.mxf',
  '🎥 emoji 👨‍👩‍👧.mov',
  'עברית \u202egnp.mxf',
  'zero\u200bwidth\ufeff.mxf',
  `${'x'.repeat(251)}.mxf`,
  `${'é'.repeat(125)}.mxf`,
  '-rf.mxf',
  '--help',
  '%s%n%d %2e%2e.mxf',
  'trailing dots...',
  'back\\slash.mxf',
  '$HOME `id` $(id);&|<>.mxf',
  '*?[x]{a,b}!(c).mxf',
  'pair.mxf',
  'PAIR.mxf',
  'caf\u00e9.mxf',
  'cafe\u0301.mxf',
  '__proto__',
  'constructor',
  'CON.mxf',
  'C:stream.mxf',
  'no_1.mxf',
  'no.failed-12345678',
];

test('unusual names are copied unchanged, for files and folders', async ({ folders }) => {
  for (const [index, name] of odd.entries()) {
    await makeFile(join(folders.source, name), 1_000 + index);
    await makeFile(join(folders.source, 'folders', name, name), 2_000 + index);
  }
  const agent = start(folders);
  assert.is(await agent.ended, 0, describe(agent));
  assert.is(agent.complaints(), '');
  assert.is(reportedFiles(agent).length, 2 * odd.length);
  for (const { source, destination, status, nameReason } of reportedFiles(agent)) {
    assert.equal([destination, status, nameReason], [source, 'COMPLETED', null]);
  }

  assert.equal(await hashCopies(folders.destination), await hashTree(folders.source));
});

test('a name never reaches the terminal with control characters', async ({ folders }) => {
  for (const name of odd) await makeFile(join(folders.source, name), 100);
  const agent = start(folders);
  assert.is(await agent.ended, 0, describe(agent));
  const where = ['--state', folders.stateDir];
  const outputs = await Promise.all(
    [
      ['files', ...where],
      ['files', ...where, '--json'],
      ['history', ...where],
      ['show', '*', ...where],
    ].map((args) => sluice(args)),
  );
  const log = await readFile(join(folders.stateDir, 'sluice.log'), 'utf8');
  for (const text of [...outputs.map(({ stdout }) => stdout), log]) {
    assert.ok(text.includes('quoted'));
    assert.not(/[^\P{C}\n]/u.test(text.replaceAll('\n', '')), JSON.stringify(text.match(/.{0,20}[^\P{C}\n].{0,20}/u)?.[0]));
  }
});

test('a name in invalid UTF-8 is held for a person and gives exit code 1; other files are copied, and so is this one once renamed', async ({
  folders,
}) => {
  const bytes = (name: string): Buffer => Buffer.concat([Buffer.from(`${folders.source}/`), Buffer.from(name, 'latin1')]);
  await mkdir(bytes('folder\xff'));
  for (const name of ['one\xff.mxf', 'two\xed\xa0\x80.mxf', 'same\xfe.mxf', 'same\xff.mxf', 'folder\xff/inside.mxf']) {
    await writeFile(bytes(name), randomBytes(1_000));
  }
  await makeFile(join(folders.source, 'good.mxf'), 1_000);
  const agent = start(folders);
  assert.is(await agent.ended, 1, describe(agent));
  const held = reportedFiles(agent).filter(({ nameValid }) => !nameValid);
  assert.equal(
    held.map(({ source, status, hold }) => [source, status, hold]).sort(([one], [other]) => (String(one) < String(other) ? -1 : 1)),
    ['folder\ufffd/inside.mxf', 'one\ufffd.mxf', 'same\ufffd.mxf', 'two\ufffd\ufffd\ufffd.mxf'].map((name) => [name, 'READY', 'needs_you']),
  );
  assert.equal(Object.keys(await hashCopies(folders.destination)), ['good.mxf']);

  const { code, stdout } = await sluice(['check', '--from', folders.source, '--to', folders.destination, '--state', folders.stateDir]);
  assert.is(code, 1);
  assert.ok(stdout.includes('not valid UTF-8: one\ufffd.mxf'), stdout);

  for (const name of ['one\xff', 'two\xed\xa0\x80', 'same\xfe', 'same\xff', 'folder\xff/inside']) {
    const better = name.replaceAll(/[\x80-\xff]+/g, ({ length, 0: first }) => `-${length}-${first?.charCodeAt(0)}`);
    await mkdir(join(folders.source, 'folder-1-255'), { recursive: true });
    await rename(bytes(`${name}.mxf`), join(folders.source, `${better}.mxf`));
  }
  const again = start(folders);
  assert.is(await again.ended, 0, describe(again));
  assert.is(Object.keys(await hashCopies(folders.destination)).length, 6);
});

test('a taken name: the existing file stays, and the copy goes next to it; a file with the same bytes is not copied', async ({
  folders,
}) => {
  const longest = `${'é'.repeat(125)}.mxf`;
  const ours = (name: string): string => join(folders.source, name);
  const there = (name: string): string => join(folders.destination, name);
  const taken = ['size.mxf', 'bytes.mxf', 'empty.mxf', longest, 'folder.mxf', 'pipe.mxf', 'link.mxf', 'nowhere.mxf'];
  for (const name of [...taken, 'same.mxf', 'both.mxf']) await makeFile(ours(name), 50_000);
  await makeFile(there('size.mxf'), 40_000);
  await makeFile(there('bytes.mxf'), 50_000);
  await writeFile(there('empty.mxf'), '');
  await makeFile(there(longest), 1);
  await mkdir(there('folder.mxf'));
  await run('mkfifo', [there('pipe.mxf')]);
  await copyFile(ours('link.mxf'), join(folders.root, 'linked.mxf'));
  await symlink(join(folders.root, 'linked.mxf'), there('link.mxf'));
  await symlink(join(folders.root, 'nothing.mxf'), there('nowhere.mxf'));
  await copyFile(ours('same.mxf'), there('same.mxf'));
  await makeFile(there('both.mxf'), 50_000);
  await copyFile(ours('both.mxf'), there('both_1.mxf'));
  const theirs = await hashTree(folders.destination);
  const names = await readdir(folders.destination);

  const agent = start(folders);
  assert.is(await agent.ended, 0, describe(agent));
  const numbered = (name: string): string => (name === longest ? `${'é'.repeat(124)}_1.mxf` : name.replace('.mxf', '_1.mxf'));
  assert.equal(
    new Map(reportedFiles(agent).map((file) => [file.source, [file.status, file.destination, file.nameReason, file.copied]])),
    new Map<string, readonly (string | boolean | null)[]>([
      ['both.mxf', ['COMPLETED', 'both_1.mxf', 'name_taken', false]],
      ...taken.map((name) => [name, ['COMPLETED', numbered(name), 'name_taken', true]] as const),
      ['same.mxf', ['COMPLETED', 'same.mxf', null, false]],
    ]),
  );
  const after = await hashTree(folders.destination);
  for (const [name, hash] of Object.entries(theirs)) assert.is(after[name], hash, `${name} was not ours`);
  for (const name of taken) assert.is(after[numbered(name)], await sha256(ours(name)));
  assert.equal(new Set(await readdir(folders.destination)), new Set([...names, ...taken.map(numbered), '.sluice-destination']));
  // Nothing was created through the link that leads nowhere.
  assert.is(await stat(join(folders.root, 'nothing.mxf')).catch(() => null), null);
});

test('a growing file whose name is taken: the existing file stays, and the copy grows next to it', async ({ folders }) => {
  await makeFile(join(folders.destination, 'take.mxf'), 10);
  const before = await sha256(join(folders.destination, 'take.mxf'));
  const recording = record({ path: join(folders.source, 'take.mxf'), bytesPerSecond: 2_000_000 });
  const agent = start(folders);
  const growing = await reported(agent, ({ status }) => status === 'GROWING_COPY');
  assert.equal([growing.destination, growing.nameReason], ['take_1.mxf', 'name_taken']);
  await recording.end();
  assert.is(await agent.ended, 0, describe(agent));
  assert.equal(await hashCopies(folders.destination), {
    'take.mxf': before,
    'take_1.mxf': await sha256(join(folders.source, 'take.mxf')),
  });
});

test.run();
