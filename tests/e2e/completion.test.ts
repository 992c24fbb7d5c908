import { spawnSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sluice } from '../bed/sluice.ts';

for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
  test(`completion ${shell}: a script that asks the program`, async () => {
    const { code, stdout } = await sluice(['completion', shell]);
    assert.is(code, 0);
    assert.match(stdout, /sluice/);
    assert.match(stdout, /complete ('--'|--) /);
    if (shell === 'bash') assert.is(spawnSync('bash', ['-n'], { input: stdout }).status, 0, 'bash can read it');
  });
}

test('completion of another shell is refused', async () => {
  assert.is((await sluice(['completion', 'tcsh'])).code, 2);
});

test('complete: commands, subcommands and options', async () => {
  const asked = async (...words: string[]): Promise<string> => (await sluice(['complete', '--', ...words])).stdout;
  assert.match(await asked('st'), /^start\t.*\nstop\t.*\nstatus\t/);
  assert.match(await asked('service', ''), /^install\t/m);
  assert.match(await asked('stop', '--'), /^--drain\t/m);
});

test.run();
