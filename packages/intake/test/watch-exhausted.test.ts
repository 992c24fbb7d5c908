// group: storage
import { spawnSync } from 'node:child_process';
import process, { execArgv, execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeSource, type Source } from './support/source.ts';

const test = suite<{ source: Source }>('watch exhausted');

test.before.each(async (context) => {
  context.source = await makeSource();
});
test.after.each(({ source }) => source.remove());

for (const [what, setting, code] of [
  ['watches', 'max_inotify_watches', 'ENOSPC'],
  ['watchers', 'max_inotify_instances', 'EMFILE'],
] as const) {
  test(`runIntake: a system without ${what} left is reported once as ${code}, and listing continues`, async ({ source }) => {
    await source.write(Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`d${index}/a.mov`, 1])));
    const main = fileURLToPath(new URL('./support/exhausted-main.ts', import.meta.url));
    // In a separate user namespace, so that no other program on this machine runs out of them.
    const limit = `echo ${setting === 'max_inotify_watches' ? 4 : 0} > /proc/sys/user/${setting} || exit 77; exec "$@"`;
    const command = ['-r', 'sh', '-c', limit, 'sh', execPath, ...execArgv, main, source.root];
    const { status, stdout, stderr } = spawnSync('unshare', command, { encoding: 'utf8', timeout: 20_000 });
    if (status === 77 || status === null) {
      process.stdout.write(`\nskipped: a system without ${what} left: ${stderr.trim()}\n`);
      return;
    }
    assert.is(status, 0, stderr);
    const reported = JSON.parse(stdout) as {
      readonly states: readonly (readonly [string, string | null])[];
      readonly answers: readonly string[];
    };
    assert.equal(
      reported.states.filter(([, one]) => one !== null),
      [['ok', code]],
    );
    assert.equal(reported.answers, ['listing_completed', 'listing_completed']);
  });
}

test.run();
