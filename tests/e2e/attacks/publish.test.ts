import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Attacker, attack } from '../../bed/attacker.ts';
import { type Folders, makeFolders, sha256 } from '../../bed/folders.ts';
import { describe, reportedFiles, startAgent, stopAgents } from '../../bed/sluice.ts';
import { until } from '../../bed/wait.ts';

// A user who may write in a destination gives other files the names of temporary files, at every moment of a copy. That user may
// also put a file under any final name, so the claim is only that a file that the journal calls COMPLETED was verified under its
// name.

const test = suite<{ folders: Folders; attackers: Attacker[] }>('temporary files replaced by others');

test.before.each(async (context) => {
  context.folders = await makeFolders();
  context.attackers = [];
});
test.after.each(async ({ folders, attackers }) => {
  await stopAgents();
  for (const attacker of attackers) await attacker.stop();
  await folders.remove();
});

/** A script that replaces every second temporary file that it sees by a file of the same size. */
const replacing = `
  let seen = 0, replaced = 0;
  console.log('begins');
  for (;;) {
    for (const name of fs.readdirSync(folder)) {
      if (!name.endsWith('.part')) continue;
      try {
        const { size } = fs.statSync(path.join(folder, name));
        if (size === 0 || (seen += 1) % 2 === 0) continue;
        fs.writeFileSync(path.join(folder, 'other'), Buffer.alloc(size, 'x'));
        fs.renameSync(path.join(folder, 'other'), path.join(folder, name));
        console.log(replaced += 1);
      } catch {}
    }
  }
`;

// With all copies at once, every temporary file exists long enough to be replaced.
const few = ['--max-attempts', '2', '--lanes', '8', '--small-size', '0'];

test('destination: a COMPLETED file has the bytes of its source under its final name', async (context) => {
  const { folders, attackers } = context;
  await chmod(folders.root, 0o755);
  await chmod(folders.destination, 0o777);
  for (let index = 0; index < 120; index += 1) await writeFile(join(folders.source, `clip-${index}.mov`), Buffer.alloc(200_000, index));
  attackers.push(attack(replacing, { folder: folders.destination }));
  const agent = startAgent({ from: folders.source, to: folders.destination, stateDir: folders.stateDir, args: few });
  await until(
    () => reportedFiles(agent).filter(({ status }) => status === 'COMPLETED' || status === 'FAILED').length >= 120,
    90_000,
    () => describe(agent),
  );
  for (const attacker of attackers) await attacker.stop();
  await agent.stop();
  const completed = reportedFiles(agent).filter(({ status }) => status === 'COMPLETED');
  for (const { source, destination } of completed) {
    assert.is(await sha256(join(folders.destination, destination)), await sha256(join(folders.source, source)), destination);
  }
  assert.ok(completed.length > 0, describe(agent));
  assert.ok(Number(attackers[0]?.output().trim().split('\n').at(-1)) > 10, 'the attack took place');
});

test.run();
