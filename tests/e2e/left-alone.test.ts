import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, hashCopies, hashTree, makeFile, makeFolders } from '../bed/folders.ts';
import { describe, reportedFiles, sluice, startAgent, stopAgents } from '../bed/sluice.ts';
import { run } from '../bed/tool.ts';

const test = suite<{ folders: Folders }>('files that are left alone');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

/** Files that the built-in rules leave alone, by rule, and one file that is copied. */
const left: Readonly<Record<string, readonly string[]>> = {
  empty: ['day/nothing.mxf', 'nothing.mxf'],
  dotfile: ['.DS_Store', '.hidden', '.take.mxf.AbCdEf', 'day/.hidden.mxf'],
  temporary: ['day/half.part', 'half.TMP', 'half.tmp', '~$letter.docx'],
  system_file: ['Thumbs.db', 'day/desktop.ini', 'day/thumbs.DB'],
  symlink: ['linked-folder', 'linked.mxf', 'nowhere.mxf'],
  special: ['pipe.mxf'],
  excluded: ['day/secret.txt'],
};
const exclude = ['--exclude', '**/secret.*'];

async function fill(source: string): Promise<void> {
  await makeFile(join(source, 'day/carried.mxf'), 100_000);
  for (const name of left['empty'] ?? []) await writeFile(join(source, name), '');
  for (const rule of ['dotfile', 'temporary', 'system_file', 'excluded']) {
    for (const name of left[rule] ?? []) await makeFile(join(source, name), 1_000);
  }
  await makeFile(join(source, '.folder/inside.mxf'), 1_000);
  await symlink(join(source, 'day/carried.mxf'), join(source, 'linked.mxf'));
  await symlink('/nowhere/at/all', join(source, 'nowhere.mxf'));
  await symlink(join(source, 'day'), join(source, 'linked-folder'));
  await run('mkfifo', [join(source, 'pipe.mxf')]);
}

test('run: they are not copied and not touched, and cause no error', async ({ folders }) => {
  await fill(folders.source);
  const before = await hashTree(folders.source);
  const args = ['--until-idle', ...exclude];
  const agent = startAgent({ from: folders.source, to: folders.destination, stateDir: folders.stateDir, args });
  assert.is(await agent.ended, 0, describe(agent));
  assert.is(agent.complaints(), '');
  assert.equal(
    reportedFiles(agent).map(({ source, status }) => [source, status]),
    [['day/carried.mxf', 'COMPLETED']],
  );
  assert.equal(Object.keys(await hashCopies(folders.destination)), ['day/carried.mxf']);
  assert.equal(await hashTree(folders.source), before);
});

test('check --json: every rule reports what it leaves alone', async ({ folders }) => {
  await fill(folders.source);
  const where = ['--from', folders.source, '--to', folders.destination, '--state', folders.stateDir];
  const { code, stdout, stderr } = await sluice(['check', ...where, ...exclude, '--json']);
  assert.is(code, 0, stderr);
  const checked = JSON.parse(stdout) as Checked;
  const [route] = checked.routes;
  assert.equal([checked.v, checked.ok, route?.source.taken, route?.source.takenBytes], [1, true, 1, 100_000]);
  const rules = Object.fromEntries(route?.source.leftAlone.map(({ rule, examples }) => [rule, [...examples].sort()]) ?? []);
  assert.equal(rules, { ...left, dotfile: [...(left['dotfile'] ?? []), '.folder'].sort() });
});

test('check: says the same in plain words, and creates nothing at the destination', async ({ folders }) => {
  await fill(folders.source);
  const where = ['--from', folders.source, '--to', folders.destination, '--state', folders.stateDir];
  const { code, stdout, stderr } = await sluice(['check', ...where, ...exclude]);
  assert.equal([code, stderr], [0, '']);
  for (const [rule, names] of Object.entries(left)) {
    const lines = stdout.split('\n').filter((each) => each.includes(`left alone by ${rule}`));
    const line = lines.find((each) => rule !== 'excluded' || each.includes(`${rule}, exclude ${JSON.stringify(exclude[1])}: `)) ?? '';
    for (const name of names) assert.ok(line.includes(name), `${rule}: ${name} in ${line}`);
  }
  assert.equal(await hashTree(folders.destination), {});
  assert.is(await readFile(join(folders.stateDir, 'journal.db')).catch(() => null), null);
});

interface Checked {
  readonly v: number;
  readonly ok: boolean;
  readonly routes: readonly {
    readonly source: {
      readonly taken: number;
      readonly takenBytes: number;
      readonly leftAlone: readonly { readonly rule: string; readonly examples: readonly string[] }[];
    };
  }[];
}

test.run();
