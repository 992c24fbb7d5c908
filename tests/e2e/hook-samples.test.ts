// timeout: 240s
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, makeFile, makeFolders } from '../bed/folders.ts';
import { type Agent, reported, sluice, startConfigured, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

// The examples of docs/json.md for hooks and conditions, compared with what a real agent gives. To write them again:
//
//   SLUICE_SAMPLES=write node scripts/test/main.ts tests/e2e/hook-samples.test.ts

const writes = process.env['SLUICE_SAMPLES'] === 'write';
const samplePath = (name: string): string => join(import.meta.dirname, '../../scripts/docs/samples', `${name}.jsonl`);

interface Context {
  folders: Folders;
}

const test = suite<Context>('samples of hooks');
test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

const kept = { attention: 'calls', beforeProbe: 'probes' } as const;

/** Starts an agent whose hooks keep their standard input in files. */
async function start({ root, source, destination, stateDir }: Folders): Promise<{ agent: Agent; config: string }> {
  const hookOf = async (name: string): Promise<string> => {
    const hook = join(root, `keep-${name}`);
    await writeFile(hook, `#!/bin/sh\ncat >> ${join(root, name)}\n`);
    await chmod(hook, 0o755);
    return JSON.stringify([hook]);
  };
  const waits = 'stable_after = "300ms"\nscan_every = "300ms"\nprobe.closed = "300ms"\nspace.keep_free = "1MB"\nsource_warn_below = "0"\n';
  const hooks = { attention: await hookOf(kept.attention), beforeProbe: await hookOf(kept.beforeProbe) };
  const config = join(root, 'sluice.toml');
  const agent = `[agent]\nattention_after = "1s"\non_attention = ${hooks.attention}\n`;
  const route = `[[route]]\nname = "ingest"\nsource = "${source}"\ndestination = "${destination}"\nbefore_probe = ${hooks.beforeProbe}\n${waits}`;
  await writeFile(config, agent + route);
  return { agent: startConfigured(config, stateDir), config };
}

/** Returns lines with the folders of an installation in place of those of the test. */
function asInstalled({ root, source, destination, stateDir }: Folders, text: string): string {
  const places = [
    [destination, '/mnt/nas/ingest'],
    [source, '/ingest'],
    [stateDir, '/var/lib/sluice'],
    [root, '/etc/sluice'],
  ] as const;
  return places.reduce((all, [from, to]) => all.replaceAll(from, to), text);
}

/** Returns what two runs have in common: without moments, durations, sizes, ids and the user. */
function inCommon(lines: string): readonly unknown[] {
  const text = (value: string): string =>
    value
      .replace(/\d{4}-\d\d-\d\d[T ][\d:.]+Z?/g, 'MOMENT')
      .replace(/\d+(\.\d+)? (s|min|h)\b/g, 'DURATION')
      .replace(/full in DURATION/g, 'full');
  const common = (key: string, value: unknown): unknown => {
    if (['fullInMs', 'version', 'by'].includes(key)) return null;
    if (typeof value === 'number' && !['v', 'more', 'begun', 'over', 'count', 'files'].includes(key)) return 0;
    return typeof value === 'string' ? text(value) : value;
  };
  return lines
    .trim()
    .split('\n')
    .map((line) =>
      JSON.parse(line, function revive(key: string, value: unknown) {
        return common(key, value);
      }),
    );
}

async function compare(folders: Folders, name: string, lines: string): Promise<void> {
  const real = asInstalled(folders, lines);
  if (writes) await writeFile(samplePath(name), real);
  assert.equal(inCommon(real), inCommon(await readFile(samplePath(name), 'utf8')), `${name}.jsonl differs from a real run`);
}

test('what on_attention and before_probe get, and the conditions of status, are as in the examples', async ({ folders }) => {
  const { root, source, destination, stateDir } = folders;
  const { agent, config } = await start(folders);
  const linesOf = async (name: keyof typeof kept): Promise<string> => await readFile(join(root, kept[name]), 'utf8').catch(() => '');
  const calls = async (): Promise<number> => (await linesOf('attention')).split('\n').length - 1;
  const status = async () => await agent.status().catch(() => null);
  await makeFile(join(source, 'day1/interview.mov'), 300_000);
  await reported(agent, ({ source: path, status: state }) => path === 'day1/interview.mov' && state === 'COMPLETED');

  await rename(destination, `${destination}-away`);
  await until(async () => (await calls()) === 1, 20_000);
  await makeFile(join(source, 'day1/late.mov'), 100_000);
  await reported(agent, ({ source: path, status: state }) => path === 'day1/late.mov' && state === 'READY');
  await rm(join(source, 'day1/late.mov'));
  await until(async () => (await status())?.conditions?.some(({ kind }) => kind === 'files_lost'), 20_000);

  const right = await readFile(config, 'utf8');
  await writeFile(config, right.replace('stable_after', 'stable_afer'));
  assert.is((await sluice(['reload', '--state', stateDir, '--reason', 'longer pauses'])).code, 2);
  const shown = await sluice(['status', '--state', stateDir, '--json']);
  await compare(folders, 'status-conditions', shown.stdout);

  await rename(`${destination}-away`, destination);
  await until(async () => (await calls()) === 2, 120_000);
  await compare(folders, 'attention', await linesOf('attention'));
  await compare(folders, 'before-probe', (await linesOf('beforeProbe')).split('\n').slice(0, 1).concat('').join('\n'));
});

test.run();
