// group: storage
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { planOf } from '../src/plan.ts';
import { machine, odd } from './settings.ts';

const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;
if (!hasAnalyze) process.stdout.write('skipped: what systemd says of the unit: systemd-analyze is not installed\n');

for (const [name, settings] of Object.entries({ machine, odd: { ...machine, ...odd, program: ['/bin/true', 'a b', '100%'] as const } })) {
  test(`systemd: systemd-analyze accepts the unit (${name})`, () => {
    if (!hasAnalyze) return;
    const folder = mkdtempSync(join(tmpdir(), 'sluice-unit-'));
    const path = join(folder, 'sluice.service');
    // systemd-analyze checks that the account and the program exist, so the test uses existing ones.
    const text = planOf({ ...settings, user: 'root', program: ['/bin/true', ...settings.program.slice(1)] }).file.text;
    writeFileSync(path, text.replace(/^Documentation=.*\n/m, ''));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', path], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    assert.equal([status, stderr.split('\n').filter((line) => line.includes('sluice.service'))], [0, []]);
  });
}

test.run();
