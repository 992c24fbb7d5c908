// group: package
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, makeFolders } from '../bed/folders.ts';
import { sluice } from '../bed/sluice.ts';

const test = suite<{ folders: Folders }>('check: the hook');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(({ folders }) => folders.remove());

for (const [what, program, code] of [
  ['is not there', '/no/such/hook', 1],
  ['can be run', process.execPath, 0],
] as const) {
  test(`check: an on_attention whose program ${what} makes it end with ${code}`, async ({ folders: { root, source, destination } }) => {
    const config = join(root, 'sluice.toml');
    const quoted = (text: string): string => JSON.stringify(text);
    await writeFile(
      config,
      `[agent]\non_attention = [${quoted(program)}]\n[[route]]\nname = "r"\nsource = ${quoted(source)}\ndestination = ${quoted(destination)}\n[route.space]\nkeep_free = "1MB"\n`,
    );
    const text = await sluice(['check', '-c', config]);
    assert.is(text.code, code, text.stdout + text.stderr);
    assert.is(text.stderr.includes(`on_attention: ${program} cannot be run`), code === 1, text.stderr);
    const { ok, problems } = JSON.parse((await sluice(['check', '-c', config, '--json'])).stdout) as { ok: boolean; problems: string[] };
    assert.equal([ok, problems.length], [code === 0, code]);
  });
}

test.run();
