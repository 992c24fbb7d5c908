import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, makeFolders } from '../bed/folders.ts';
import { sluice } from '../bed/sluice.ts';

const test = suite<{ folders: Folders }>('hooks');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(({ folders }) => folders.remove());

const badNames = 40;

async function configure(folders: Folders, script: string): Promise<string> {
  const file = join(folders.stateDir, '..', 'sluice.toml');
  const text = `[agent]
state_dir = ${JSON.stringify(folders.stateDir)}
on_attention = ["/bin/sh", "-c", ${JSON.stringify(script)}]
[[route]]
source = ${JSON.stringify(folders.source)}
destination = ${JSON.stringify(folders.destination)}
stable_after = "300ms"
scan_every = "300ms"
space.keep_free = "1MB"
`;
  await writeFile(file, text);
  return file;
}

if (process.platform === 'linux') {
  test('on_attention: many names that a shell would run cause two calls, and none of them is run', async ({ folders }) => {
    for (let index = 0; index < badNames; index += 1) {
      const name = Buffer.concat([Buffer.from(`a${index}'; touch h1x; $(touch h1x); '`), Buffer.from([0xff]), Buffer.from('.mxf')]);
      await writeFile(Buffer.concat([Buffer.from(`${folders.source}/`), name]), 'x');
    }
    const out = join(folders.stateDir, '..', 'calls');
    const config = await configure(folders, `printf '%s\\n' "$SLUICE_SUMMARY" >> ${out}; cat >> ${out}`);
    const end = await sluice(['run', '-c', config, '--until-idle']);
    assert.is(end.code, 1, end.stderr);
    const lines = (await readFile(out, 'utf8')).trim().split('\n');
    assert.is(lines.length, 4, lines.join('\n'));
    assert.match(lines[0] ?? '', /^default: a\d+'; touch h1x; .* needs you: its name is not valid UTF-8/);
    assert.match(lines[2] ?? '', new RegExp(`; and ${badNames - 2} more$`));
    assert.is(JSON.parse(lines[3] ?? '').more, badNames - 2);
    for (const folder of [process.cwd(), folders.source, folders.stateDir]) {
      assert.is(await readFile(join(folder, 'h1x')).catch(() => null), null);
    }
  });

  test('on_attention: a placeholder in a command text is refused, and nothing is created', async ({ folders }) => {
    const end = await sluice(['run', '-c', await configure(folders, "echo '{summary}' >> mail")]);
    assert.is(end.code, 2);
    assert.match(end.stderr, /sluice\.toml:3: on_attention in \[agent\].*\{summary\} stands inside a longer text/);
  });
}

test.run();
