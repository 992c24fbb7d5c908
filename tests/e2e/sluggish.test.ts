// group: package
// timeout: 180s
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Folders, makeFile, makeFolders } from '../bed/folders.ts';
import { assertCopied } from '../bed/outage.ts';
import { type Agent, reported, reportedFiles, startAgent, stopAgents } from '../bed/sluice.ts';
import { makeSshfsBed, type SshfsBed, whyNoSshfsBed } from '../bed/sshfs-bed.ts';

interface Stage {
  readonly folders: Folders;
  readonly bed: SshfsBed;
}

const test = suite<Stage>('a share over a slow link');

test.before.each(async (context) => {
  Object.assign(context, { folders: await makeFolders(), bed: await makeSshfsBed() });
});
test.after.each(async ({ folders, bed }) => {
  await stopAgents();
  await bed.remove();
  await folders.remove();
});

const names = Array.from({ length: 20 }, (_, index) => `${String(index).padStart(2, '0')}.bin`);

/** Returns each copy that did not end well, with the reason. */
const failures = (agent: Agent): readonly unknown[] =>
  reportedFiles(agent)
    .filter(({ status }) => status === 'FAILED')
    .map(({ source, error }) => ({ source, error }));

/** Twenty copies at once; each is to arrive at its first attempt. */
async function copyTwenty({ folders, bed }: Stage, bitsPerSecond: number, sizeBytes: number): Promise<void> {
  for (const name of names) await makeFile(join(folders.source, name), sizeBytes);
  await bed.mount(['reconnect']);
  await bed.slow(bitsPerSecond);
  // All of it at once would take longer than any call may.
  const args = ['--lanes', '20', '--small-size', '0', '--stable-after', '500ms', '--stall-max', '12s'];
  const agent = startAgent({ from: folders.source, to: bed.path, stateDir: folders.stateDir, args });
  for (const source of names) await reported(agent, (file) => file.source === source && file.status === 'COMPLETED', 150_000);
  assert.equal(failures(agent), [], 'no copy has failed');
  assert.is(reportedFiles(agent).length, names.length, 'nothing was found a second time');
  const closings = agent.notes.filter((note) => note.event === 'gate' && note.gate.state === 'closed' && note.gate.cause !== 'unknown');
  assert.equal(closings, [], 'load is not an outage');
  await assertCopied(folders.source, bed.served, Object.fromEntries(names.map((name) => [name, name])));
}

test('4 Mbit/s, 20 copies at once: every file arrives at its first attempt', async (context) => {
  await copyTwenty(context, 4_000_000, 500_000);
});

test('90 Mbit/s, 20 copies at once: every file arrives at its first attempt', async (context) => {
  await copyTwenty(context, 90_000_000, 4_000_000);
});

const why = whyNoSshfsBed();
if (why === null) test.run();
else console.log(`skipped: a share over a slow link: ${why}`);
