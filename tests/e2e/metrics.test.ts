import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, makeFile, makeFolders } from '../bed/folders.ts';
import { reported, sluice, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<{ folders: Folders }>('metrics for Prometheus');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

/** Returns the value of a sample. Null: it is missing. */
function valueOf(text: string, sample: string): number | null {
  const line = text.split('\n').find((each) => each.startsWith(`${sample} `));
  return line === undefined ? null : Number(line.slice(sample.length + 1));
}

test('status --metrics and metrics_file have the same metrics, in a format that Prometheus accepts', async ({ folders }) => {
  const { source, destination, stateDir, root } = folders;
  const path = join(root, 'metrics/sluice.prom');
  await mkdir(join(root, 'metrics'));
  const agent = startAgent({ from: source, to: destination, stateDir, args: ['--metrics-file', path] });
  await makeFile(join(source, 'clip.mxf'), 300_000);
  await reported(agent, ({ status }) => status === 'COMPLETED');
  const { code, stdout } = await sluice(['status', '--metrics', '--state', stateDir]);
  assert.is(code, 0);
  assert.is(valueOf(stdout, 'sluice_files{route="default",state="completed"}'), 1);
  assert.is(valueOf(stdout, 'sluice_copied_bytes_total{route="default"}'), 300_000);
  assert.is(valueOf(stdout, 'sluice_destination_online{route="default"}'), 1);
  assert.is(valueOf(stdout, 'sluice_oldest_waiting_age_seconds{route="default"}'), 0);
  assert.ok((valueOf(stdout, 'sluice_journal_size_bytes') ?? 0) > 0);
  const checked = spawnSync('promtool', ['check', 'metrics'], { input: stdout, encoding: 'utf8' });
  assert.equal([checked.status, checked.stderr, checked.stdout], [0, '', '']);
  const namesOf = (text: string): readonly string[] => text.match(/^# TYPE \S+/gm) ?? [];
  // The file was written when the agent started. Values that were not known by then are missing.
  const written = namesOf(await readFile(path, 'utf8'));
  assert.ok(written.length > 20);
  assert.equal(
    written.filter((name) => !namesOf(stdout).includes(name)),
    [],
  );
  assert.equal(await readdir(join(root, 'metrics')), ['sluice.prom'], 'nothing else is left in the folder');
  await rename(destination, `${destination}-away`);
  await makeFile(join(source, 'waits.mxf'), 1_000);
  const offline = await until(async () => {
    const now = await sluice(['status', '--metrics', '--state', stateDir]);
    const age = valueOf(now.stdout, 'sluice_oldest_waiting_age_seconds{route="default"}') ?? 0;
    return valueOf(now.stdout, 'sluice_destination_online{route="default"}') === 0 && age > 0 ? now.stdout : null;
  }, 20_000);
  assert.equal([valueOf(offline, 'sluice_healthy'), valueOf(offline, 'sluice_outages_total{route="default"}')], [0, 1]);
  assert.ok((valueOf(offline, 'sluice_outage_seconds_total{route="default"}') ?? 0) > 0);
  assert.is((await sluice(['status', '--metrics', '--state', join(root, 'nowhere')])).code, 3);
});

test.run();
