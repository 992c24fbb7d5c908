import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type KitVerdict, kitAround, rememberedKeys, rememberKey, verifyKit, verifySeal } from '@sluice/kit';
import { CommandError, clean, exitCode } from '@sluice/words';
import { limits } from '../../limits.ts';
import { complain, print } from '../../output.ts';
import { version } from '../../version.ts';
import { around } from '../base/options.ts';
import type { Program } from '../base/program.ts';

/** Adds the command `kit`. */
export function addKit({ command, does }: Program): void {
  const kit = command.command('kit').description('verify an installation stick');
  kit
    .command('verify')
    .description('check every byte of an installation stick, and who signed it; exit 0 only if nothing differs')
    .argument('[dir]', 'the folder of the kit (default: the one that this executable is in)')
    .option('--seal <dir>', 'take CHECKSUMS, CHECKSUMS.sig and SIGNING-KEY.pub from this folder (the installer uses this)')
    .option('--older', 'accept a stick with an older version than this one')
    .action(does(verify));
  kit
    .command('remember')
    .description('remember the key of an installation stick, to compare the next stick with it (the installer uses this)')
    .argument('[dir]', 'the folder of the kit (default: the one that this executable is in)')
    .option('--mine', 'for this user, not for the machine')
    .action(does(remember));
}

async function verify(dir: string | undefined, { seal, older }: { readonly seal?: string; readonly older?: boolean }): Promise<number> {
  const kit = kitFolder(dir);
  const remembered = rememberedKeys(around());
  const verdict = await verifyKit(kit, remembered, {
    ...(seal === undefined ? {} : { seal: resolve(seal) }),
    ...(older === true ? {} : { installed: version }),
  });
  if (verdict.problems.length > 0) return refuse(kit, verdict);
  const [earlier] = remembered;
  const lines = [
    `all ${verdict.files} files of ${kit} match CHECKSUMS, and there are no others`,
    `CHECKSUMS is signed by the key  ${verdict.fingerprint}`,
    earlier === undefined
      ? 'this machine has not seen a kit before: compare these characters with those that the maker of your sticks gave you, not with the stick'
      : `it is the same key as at the earlier installation (${earlier.file})`,
  ];
  await print(lines.map(clean));
  return exitCode.done;
}

async function remember(dir: string | undefined, { mine }: { readonly mine?: boolean }): Promise<number> {
  const kit = kitFolder(dir);
  const verdict = verifySeal(kit, rememberedKeys(around()));
  if (verdict.problems.length > 0) return refuse(kit, verdict);
  const file = rememberKey(verdict.pem, mine === true ? 'user' : 'machine', around());
  await print([clean(`the key ${verdict.fingerprint} is now remembered in ${file}`)]);
  return exitCode.done;
}

/** @throws CommandError if no folder is known, or it is not a kit */
function kitFolder(dir: string | undefined): string {
  const { executableDir } = around();
  const kit = dir === undefined ? kitAround(executableDir) : resolve(dir);
  if (kit === null)
    throw new CommandError('this executable is not in a kit: name the folder of the kit, sluice kit verify DIR', exitCode.badUsage);
  if (statSync(kit, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new CommandError(`there is no folder ${kit}`, exitCode.badUsage);
  return kit;
}

function refuse(kit: string, { problems }: KitVerdict): number {
  complain(clean(`sluice: the kit ${kit} is refused; install nothing from it:`));
  for (const { file, why } of problems.slice(0, limits.kitProblems)) complain(clean(`  ${file} ${why}`));
  if (problems.length > limits.kitProblems) complain(`  and ${problems.length - limits.kitProblems} more`);
  return exitCode.notAsAsked;
}
