// timeout: 300s
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FaultFolders, makeFaultFolders, removeFaultFolders } from '../bed/fault-folders.ts';
import { whyNoFaultMount } from '../bed/fault-mount.ts';
import { makeFile, sha256 } from '../bed/folders.ts';
import { type Agent, describe, reportedFiles, startConfigured } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<FaultFolders>('several destinations of one source');

test.before.each(async (context) => {
  Object.assign(context, await makeFaultFolders());
});
test.after.each(removeFaultFolders);

const fileBytes = 200_000_000;

/** Starts an agent with one route to each folder. */
async function startRoutes({ folders, mount }: FaultFolders, destinations: readonly string[], more = ''): Promise<Agent> {
  const routes = destinations.map(
    (path, index) => `[[route]]
name = "r${index}"
source = "${mount.path}"
destination = "${path}"
stable_after = "500ms"
scan_every = "500ms"
${more}
[route.space]
keep_free = "1MB"
`,
  );
  const config = join(folders.root, 'sluice.toml');
  await writeFile(config, routes.join('\n'));
  return startConfigured(config, folders.stateDir);
}

for (const isCached of [false]) for (const count of [1, 2, 3]) {
  test(`${count} destinations: ${isCached}`, async (context) => {
    const { folders, mount } = context;
    await makeFile(join(mount.backing, 'a.bin'), fileBytes);
    if (!isCached) await mount.uncached();
    const destinations = Array.from({ length: count }, (_, n) => join(folders.root, `d${n}`));
    for (const d of destinations) await mkdir(d);
    const agent = await startRoutes(context, destinations);
    await until(() => reportedFiles(agent).filter(({ status }) => status === 'COMPLETED').length === count, 60_000, () => describe(agent));
    process.stderr.write(String(isCached)); (await import('node:fs')).appendFileSync('/tmp/sr/counts', JSON.stringify([isCached, count, (await mount.readBytes()) / fileBytes, reportedFiles(agent).map((f) => [f.startedAt, f.endedAt])]) + '\n');
    for (const d of destinations) assert.is(await sha256(join(d, 'a.bin')), await sha256(join(mount.backing, 'a.bin')));
  });
}

const why = whyNoFaultMount();
if (why === null) test.run();
else console.log(`skipped: several destinations of one source: ${why}`);
