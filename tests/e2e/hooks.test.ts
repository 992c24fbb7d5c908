import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { statusOn } from '../bed/ask.ts';
import { type Folders, makeFolders } from '../bed/folders.ts';
import { sluice, startConfigured, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<{ folders: Folders }>('hooks');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

const badNames = 1_000;

/** Writes a configuration with these settings of the agent. */
async function configure(folders: Folders, settings: Readonly<Record<string, unknown>>, route = ''): Promise<string> {
  const file = join(folders.root, 'sluice.toml');
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  const text = `[agent]
state_dir = ${JSON.stringify(folders.stateDir)}
${lines.join('\n')}
[[route]]
source = ${JSON.stringify(folders.source)}
destination = ${JSON.stringify(folders.destination)}
stable_after = "300ms"
scan_every = "300ms"
space.keep_free = "1MB"
${route}`;
  await writeFile(file, text);
  return file;
}

const shell = (script: string): readonly string[] => ['/bin/sh', '-c', script];
const logOf = async (config: string): Promise<string> => (await sluice(['log', '-c', config, '-n', '200'])).stdout;

async function isGone(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => null);
  return status === null || /^State:\s+Z/m.test(status);
}

if (process.platform === 'linux') {
  test('on_attention: 1,000 names that a shell would execute cause one call, and none of them is executed', async ({ folders }) => {
    for (let index = 0; index < badNames; index += 1) {
      const name = Buffer.concat([Buffer.from(`a${index}'; touch h1x; $(touch h1x); '`), Buffer.from([0xff]), Buffer.from('.mxf')]);
      await writeFile(Buffer.concat([Buffer.from(`${folders.source}/`), name]), 'x');
    }
    const out = join(folders.root, 'calls');
    const config = await configure(folders, { on_attention: shell(`printf '%s\\n' "$SLUICE_SUMMARY" >> ${out}; cat >> ${out}`) });
    const end = await sluice(['run', '-c', config, '--until-idle']);
    assert.is(end.code, 1, end.stderr);
    const lines = (await readFile(out, 'utf8')).trim().split('\n');
    assert.is(lines.length, 2, lines.join('\n').slice(0, 2_000));
    assert.match(lines[0] ?? '', /^default: a\d+'; touch h1x; .* needs you: its name is not valid UTF-8.*; and 999 more$/);
    const call = JSON.parse(lines[1] ?? '');
    assert.equal([call.more, call.begun, call.conditions[0].kind, call.conditions[0].count], [999, badNames, 'files_need_you', badNames]);
    for (const folder of [process.cwd(), folders.source, folders.stateDir]) {
      assert.is(await readFile(join(folder, 'h1x')).catch(() => null), null);
    }
    assert.match(await logOf(config), /info {2}default: on_attention: \/bin\/sh ended with exit code 0, for 1000 messages\n/);
  });

  test('on_attention: a placeholder in a command text is refused, and nothing is created', async ({ folders }) => {
    const end = await sluice(['run', '-c', await configure(folders, { on_attention: shell("echo '{summary}' >> mail") })]);
    assert.is(end.code, 2);
    assert.match(end.stderr, /sluice\.toml:3: on_attention in \[agent\].*\{summary\} stands inside a longer text/);
  });

  test('on_done: a line of JSON for each finished file, and the exit code in the log', async ({ folders }) => {
    for (const name of ['a', 'b', 'c']) await writeFile(join(folders.source, `${name}.mov`), name);
    const out = join(folders.root, 'done');
    const config = await configure(folders, { on_done: shell(`cat >> ${out}; yes no index | head -c 5000000 >&2; exit 3`) });
    assert.is((await sluice(['run', '-c', config, '--until-idle'])).code, 0);
    const files = (await readFile(out, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(
      files.map(({ source }) => source).toSorted((a, b) => a.localeCompare(b)),
      ['a.mov', 'b.mov', 'c.mov'],
    );
    for (const file of files) {
      assert.equal([file.v, file.route, file.status, file.copied, file.hash.algorithm], [1, 'default', 'COMPLETED', true, 'xxh64']);
    }
    assert.match(await logOf(config), /warn {2}default: on_done: \/bin\/sh ended with exit code 3 \(.*no index.*\), for \d files?\n/);
  });

  test('hooks: a missing program is reported in the log, and every file is copied', async ({ folders }) => {
    await writeFile(join(folders.source, 'a.mov'), 'a');
    const config = await configure(folders, { on_done: ['/no/such/index'] }, 'before_probe = ["/no/such/mount"]\n');
    assert.is((await sluice(['run', '-c', config, '--until-idle'])).code, 0);
    assert.is(await readFile(join(folders.destination, 'a.mov'), 'utf8'), 'a');
    const log = await logOf(config);
    assert.match(log, /warn {2}default: on_done: \/no\/such\/index cannot be run: .*ENOENT.*; check on_done in sluice\.toml/);
    assert.match(log, /warn {2}default: before_probe: \/no\/such\/mount cannot be run: .*ENOENT/);
    const { code, stderr } = await sluice(['check', '-c', config]);
    assert.is(code, 1);
    assert.match(stderr, /^on_done: \/no\/such\/index cannot be run: there is no such file/m);
    assert.match(stderr, /^before_probe of route default: \/no\/such\/mount cannot be run: there is no such file/m);
  });

  test('hooks: commands that hang delay no copy, and end with the agent', async ({ folders }) => {
    const { root, source, destination, stateDir } = folders;
    const hang = (name: string): readonly string[] =>
      shell(`echo $$ >> ${join(root, name)}; sleep 1000 & echo $! >> ${join(root, name)}; wait`);
    await writeFile(join(source, 'a.mov'), 'a');
    await writeFile(Buffer.concat([Buffer.from(`${source}/`), Buffer.from([0xff]), Buffer.from('.mov')]), 'x');
    const config = await configure(folders, { on_done: hang('done'), on_attention: hang('called') });
    const agent = startConfigured(config, stateDir);
    const pids = async (name: string): Promise<number[]> =>
      (await readFile(join(root, name), 'utf8').catch(() => '')).trim().split('\n').map(Number);
    await until(async () => (await pids('done')).length === 2 && (await pids('called')).length === 2, 30_000);
    await writeFile(join(source, 'b.mov'), 'b');
    await until(() => readFile(join(destination, 'b.mov'), 'utf8').catch(() => null), 20_000);
    assert.is(await agent.stop(), 143);
    for (const pid of [...(await pids('done')), ...(await pids('called'))]) await until(() => isGone(pid), 5_000);
    assert.is((await pids('done')).length, 2, 'one process at a time');
    assert.match(await logOf(config), /on_attention: \/bin\/sh ran too long, so Sluice ended it and everything it had started/);
  });

  test('status: shows the conditions, when each began, and the remedies', async ({ folders }) => {
    const { root, stateDir } = folders;
    const out = join(root, 'calls');
    const config = await configure(folders, { attention_after: '0', on_attention: shell(`cat >> ${out}`) }, 'source_warn_below = "100%"\n');
    startConfigured(config, stateDir);
    const conditions = async () => (await statusOn(stateDir).catch(() => null))?.conditions;
    const [condition] = await until(async () => ((await conditions())?.length === 1 ? await conditions() : null), 30_000);
    assert.equal([condition?.route, condition?.kind, condition?.files, condition?.called], ['default', 'source_nearly_full', null, true]);
    assert.ok(Math.abs(Date.parse(condition?.since ?? '') - Date.now()) < 60_000);
    const metrics = await sluice(['status', '-c', config, '--metrics']);
    assert.match(metrics.stdout, /^sluice_condition\{route="default",kind="source_nearly_full"\} 1$/m);
    const { stdout } = await sluice(['status', '-c', config]);
    assert.match(stdout, /! default: the source is nearly full: .* free, source_warn_below = 100%, for \d+ s: make room at the source/);
    const call = await until(async () => {
      const text = await readFile(out, 'utf8').catch(() => '');
      return text.endsWith('}\n') || text.endsWith('}') ? JSON.parse(text) : null;
    }, 20_000);
    assert.equal([call.route, call.begun, call.over, call.conditions[0].kind], ['default', 1, 0, 'source_nearly_full']);
  });
}

test.run();
