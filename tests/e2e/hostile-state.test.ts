// timeout: 240s
import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, makeFile, makeFolders } from '../bed/folders.ts';
import { shortWaits, sluice } from '../bed/sluice.ts';

const test = suite<{ folders: Folders }>('a state folder that other users prepared');

test.before.each(async (context) => {
  context.folders = await makeFolders();
  await makeFile(join(context.folders.source, 'a.bin'), 1000);
});
test.after.each(({ folders }) => folders.remove());

const attacker = 61_234;
/** A FIFO must not make anybody wait: a hang is a failure long before the time limit of the file. */
const deadlineMs = 20_000;

function run({ source, destination }: Folders, state: string) {
  return sluice(['run', '--from', source, '--to', destination, '--state', state, ...shortWaits, '--until-idle'], { deadlineMs });
}

test('run: refuses a folder that everybody may write to, with a link to a file of root, and changes neither', async ({ folders }) => {
  const state = join(folders.source, '..', 'common');
  const victim = join(folders.source, '..', 'passwd');
  await writeFile(victim, 'root:x:0:0\n', { mode: 0o644 });
  await mkdir(state);
  await symlink('../passwd', join(state, 'agent.lock'));
  if (process.geteuid?.() === 0) execFileSync('chown', ['-h', String(attacker), join(state, 'agent.lock')]);
  await chmod(state, 0o1777);
  const { code, stderr } = await run(folders, state);
  assert.is(code, 2, stderr);
  assert.match(stderr, /^sluice: cannot use the state folder .*other users may write to it \(mode 1777\)[^\n]*\n$/u);
  assert.is(await readFile(victim, 'utf8'), 'root:x:0:0\n');
  assert.equal([(await stat(victim)).mode & 0o7777, (await stat(state)).mode & 0o7777], [0o644, 0o1777]);
});

test('run: refuses and names a file that another user has put into the folder', async ({ folders }) => {
  if (process.geteuid?.() !== 0) return void process.stdout.write("\nskipped: another user's file: only root can act as another user\n");
  const { stateDir } = folders;
  assert.is((await run(folders, stateDir)).code, 0);
  await chown(join(stateDir, 'journal.db'), attacker, attacker);
  const { code, stderr } = await run(folders, stateDir);
  assert.is(code, 2, stderr);
  assert.match(stderr, /journal\.db belongs to user 61234, and this is user 0: move it away/u);
});

test('run and check: warn about a folder above that others may write to, but not if it has the sticky bit', async ({ folders }) => {
  const { source, destination, root } = folders;
  const shared = join(root, 'shared');
  await mkdir(shared);
  const state = join(shared, 'state');
  for (const [mode, isExposed] of [
    [0o777, true],
    [0o1777, false],
  ] as const) {
    await chmod(shared, mode);
    const ran = await run(folders, state);
    assert.is(ran.code, 0, ran.stderr);
    assert.is(/other users may replace the state folder .*: every user may write to it/u.test(ran.stderr), isExposed, ran.stderr);
    const checked = await sluice(['check', '--from', source, '--to', destination, '--state', state], { deadlineMs });
    assert.is(checked.stdout.includes(`warning      other users may replace it, through ${shared}`), isExposed, checked.stdout);
  }
});

test('every command: a FIFO in place of agent.lock or journal.db makes no command wait', async ({ folders }) => {
  const { stateDir } = folders;
  assert.is((await run(folders, stateDir)).code, 0);
  for (const name of ['agent.lock', 'journal.db']) {
    const bytes = await readFile(join(stateDir, name));
    await rm(join(stateDir, name));
    execFileSync('mkfifo', [join(stateDir, name)]);
    for (const command of [['status'], ['files'], ['history'], ['show', 'a.bin'], ['log'], ['stop']]) {
      const { signal, durationMs } = await sluice([...command, '--state', stateDir], { deadlineMs });
      assert.is(signal, null, `${command[0]} hung on ${name} for ${durationMs} ms`);
    }
    assert.is((await run(folders, stateDir)).code, 2);
    await rm(join(stateDir, name));
    await writeFile(join(stateDir, name), bytes, { mode: 0o600 });
  }
});

test('run: an empty journal of an earlier life gives exit code 4 with a remedy, and the remedy works', async ({ folders }) => {
  const { stateDir } = folders;
  assert.is((await run(folders, stateDir)).code, 0);
  for (const suffix of ['-wal', '-shm']) await rm(join(stateDir, `journal.db${suffix}`), { force: true });
  await writeFile(join(stateDir, 'journal.db'), '');
  const lost = await run(folders, stateDir);
  assert.is(lost.code, 4, lost.stderr);
  assert.match(lost.stderr, /journal\.db is empty, and its history is lost; .*move the empty file away and start again/u);
  assert.is((await stat(join(stateDir, 'journal.db'))).size, 0);
  await rm(join(stateDir, 'journal.db'));
  const again = await run(folders, stateDir);
  assert.is(again.code, 0, again.stderr);
});

test.run();
