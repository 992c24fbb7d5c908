import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sluice } from '../bed/sluice.ts';

for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
  test(`completion ${shell}: prints a script that asks the program`, async () => {
    const { code, stdout } = await sluice(['completion', shell]);
    assert.is(code, 0);
    assert.match(stdout, /sluice/);
    assert.match(stdout, /complete ('--'|--)/);
    if (shell === 'bash') assert.is(spawnSync('bash', ['-n'], { input: stdout }).status, 0, 'bash can read it');
  });
}

test('completion bash: works in a bash without the package bash-completion, and may be read twice', async () => {
  const { stdout } = await sluice(['completion', 'bash']);
  const folder = mkdtempSync(join(tmpdir(), 'completion-'));
  writeFileSync(
    join(folder, 'sluice'),
    '#!/bin/sh\nprintf "%s\\n" "start\tthe agent" "status\tall" "two words\tx" ":4"; echo "$#:$*" >&2\n',
    { mode: 0o755 },
  );
  const script = `${stdout}\n${stdout}
    asks() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _sluice_complete "$1"; printf '%s|' "\${COMPREPLY[@]}"; echo; }
    asks sluice sta; asks sluice ''; asks sluice files 'two'`;
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
  const end = spawnSync('bash', ['--norc', '--noprofile', '-c', script], { env, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  assert.equal([end.stdout, end.stderr], ['start|status|\nstart|status|two words|\ntwo words|\n', '']);
});

test('completion: another shell is refused', async () => {
  assert.is((await sluice(['completion', 'tcsh'])).code, 2);
});

test('complete: proposes commands, subcommands and options', async () => {
  const asked = async (...words: string[]): Promise<string> => (await sluice(['complete', '--', ...words])).stdout;
  assert.match(await asked('st'), /^start\t.*\nstop\t.*\nstatus\t/);
  assert.match(await asked('service', ''), /^install\t/m);
  assert.match(await asked('stop', '--'), /^--drain\t/m);
});

test.run();
