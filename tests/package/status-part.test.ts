import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bundle } from '../../scripts/package/bundle.ts';
import { withAnswers } from '../../scripts/package/warm-up.ts';
import { runProcess } from '../../scripts/run-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-status-'));
test.after(() => rmSync(folder, { recursive: true, force: true }));

/** Writes to standard error which modules of Node a run has loaded. */
const reporter = `process.on('exit', () => require('node:fs').writeSync(2, process.moduleLoadList.join('\\n') + '\\n'));`;

test('status: asks a running agent without loading what it does not need', async () => {
  await bundle(join(folder, 'bundle'));
  writeFileSync(join(folder, 'reporter.cjs'), reporter);
  const main = join(folder, 'bundle/main.cjs');
  await withAnswers(async (stateDir) => {
    const args = ['--require', join(folder, 'reporter.cjs'), main, 'status', '--state', stateDir];
    const { code, output } = await runProcess(execPath, args, { timeoutMs: 60_000 });
    assert.is(code, 0, output);
    assert.match(output, /ingest: online for/);
    assert.match(output, /^NativeModule net$/m);
    for (const name of ['zlib', 'perf_hooks', 'crypto', 'child_process'])
      assert.not.match(output, new RegExp(`^NativeModule ${name}$`, 'm'));
  });
  const part = readFileSync(join(folder, 'bundle/status.cjs'), 'utf8');
  for (const library of ['vscode-jsonrpc', 'better-sqlite3', 'blessed']) assert.not.match(part, new RegExp(`node_modules/${library}/`));
  assert.match(readFileSync(join(folder, 'bundle/program.cjs'), 'utf8'), /node_modules\/vscode-jsonrpc\//);
});

test.run();
