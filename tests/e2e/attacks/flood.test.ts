// timeout: 300s
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Attacker, attack, flooding } from '../../bed/attacker.ts';
import { type Folders, makeFile, makeFolders } from '../../bed/folders.ts';
import { type AsUser, describe, reported, reportedFiles, shortWaits, sluice, startConfigured, stopAgents } from '../../bed/sluice.ts';
import { until } from '../../bed/wait.ts';

// Members of the group send requests as fast as they can. The agent and the members are different users without rights.

interface Context {
  folders: Folders;
  attackers: Attacker[];
}

const test = suite<Context>('a flood of requests');

const agentId = 61_240;
/** Every system has this group, and nobody is in it. */
const group = { name: 'users', gid: 100 };
/** The records that a reply is made from: with a thousand, one reply costs the agent some 50 ms. */
const historyFiles = 1_000;

test.before.each(async (context) => {
  Object.assign(context, { folders: await makeFolders(), attackers: [] });
});
test.after.each(async ({ folders, attackers }) => {
  for (const attacker of attackers) await attacker.stop();
  await stopAgents();
  await folders.remove();
});

async function configured({ root, source, destination, stateDir }: Folders): Promise<string> {
  const file = join(root, 'sluice.toml');
  const text = JSON.stringify;
  const agent = ['[agent]', `state_dir = ${text(stateDir)}`, `socket_group = ${text(group.name)}`];
  await writeFile(
    file,
    [...agent, '[[route]]', 'name = "ingest"', `source = ${text(source)}`, `destination = ${text(destination)}`].join('\n'),
  );
  execFileSync('chown', ['-R', `${agentId}:${group.gid}`, root]);
  execFileSync('chmod', ['755', root]);
  return file;
}

test("40 flooding connections of members: the agent's own user and root get their status in time, and copying continues", async (context) => {
  const { folders, attackers } = context;
  for (let index = 0; index < historyFiles; index += 1) await writeFile(join(folders.source, `take-${index}.bin`), `take ${index}`);
  const own: AsUser = { uid: agentId, gid: group.gid, home: folders.root };
  const agent = startConfigured(await configured(folders), folders.stateDir, shortWaits, own);
  const isDone = ({ status }: { readonly status: string }): boolean => status === 'COMPLETED';
  await until(() => reportedFiles(agent).filter(isDone).length === historyFiles, 120_000, agent.complaints);

  const flood = attack(flooding, { address: join(folders.stateDir, 'agent.sock') }, group.gid);
  attackers.push(flood);
  const answered = (): number => Number(flood.output().trim().split('\n').at(-1));
  await until(() => answered() > 100, 60_000, flood.output);
  await makeFile(join(folders.source, 'during.bin'), 5_000_000);
  const copied = reported(agent, ({ source, status }) => source === 'during.bin' && status === 'COMPLETED', 30_000);
  for (const as of [own, undefined, own, undefined]) {
    // The command waits 2 s for the connection, and 2 s for the reply.
    const { code, stderr } = await sluice(['status', '--json', '--state', folders.stateDir], { as });
    assert.is(code, 0, `${stderr}\n${describe(agent)}`);
  }
  await copied;
  const before = answered();
  await until(() => answered() > before, 30_000, flood.output);
});

test.run();
