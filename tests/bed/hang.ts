// Mounts a filesystem that hangs on demand, to try by hand: npm run hang, then `hang fsync`, `hang`, `heal` on standard input.
import process from 'node:process';
import { createInterface } from 'node:readline';
import { type FaultyCall, makeFaultMount } from './fault-mount.ts';

const mount = await makeFaultMount();
process.stdout.write(`destination ${mount.path}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const [word, call = '*'] = line.split(' ');
  if (word === 'hang') await mount.hang(call as FaultyCall);
  else if (word === 'heal') await mount.heal();
  else process.stdout.write(`expected "hang [CALL]" or "heal", got "${line}"\n`);
  process.stdout.write(`${await mount.hanging()} calls hang\n`);
}
await mount.remove();
