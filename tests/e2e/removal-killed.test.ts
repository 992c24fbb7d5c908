// timeout: 240s
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, hashCopies, hashTree, makeFile, makeFolders } from '../bed/folders.ts';
import { type Agent, reportedFiles, startAgent, stopAgents } from '../bed/sluice.ts';
import { until } from '../bed/wait.ts';

const test = suite<{ folders: Folders }>('removal at the source, killed');

test.before.each(async (context) => {
  context.folders = await makeFolders();
});
test.after.each(async ({ folders }) => {
  await stopAgents();
  await folders.remove();
});

const start = ({ source: from, destination: to, stateDir }: Folders, ...args: readonly string[]): Agent =>
  startAgent({ from, to, stateDir, args: ['--after-copy', 'delete', '--after-copy-wait', '0', ...args] });

const isHidden = async (folder: string): Promise<boolean> => (await readdir(folder)).some((name) => name.endsWith('.sluice-done'));

const moments: readonly [string, (agent: Agent, folder: string) => boolean | Promise<boolean>][] = [
  ['the copy is completed', (agent) => reportedFiles(agent).some(({ status }) => status === 'COMPLETED')],
  ['the source has its hidden name', (_, folder) => isHidden(folder)],
  ['the source is gone', async (_, folder) => !existsSync(join(folder, 'a.bin')) && !(await isHidden(folder))],
];
for (const [what, hasCome] of moments) {
  test(`kill -9 as soon as ${what}: the next start removes the source, or gives it its name back`, async ({ folders }) => {
    const { source, destination } = folders;
    const folder = join(source, 'day1');
    await makeFile(join(folder, 'a.bin'), 300_001);
    const sent = await hashTree(source);
    const agent = start(folders);
    await until(async () => await hasCome(agent, folder), 40_000);
    agent.kill('SIGKILL');
    await agent.ended;
    const next = start(folders, '--until-idle');
    assert.is(await next.ended, 0, next.complaints());
    assert.equal(await hashCopies(destination), sent);
    const left = await readdir(folder);
    assert.ok(left.length === 0 || (left.length === 1 && left[0] === 'a.bin'), left.join(', '));
  });
}

test.run();
