import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type KitVerdict, kitAround, rememberedKeys, rememberKey, verifyKit, verifySeal } from '@sluice/kit';
import { CommandError, clean, exitCode } from '@sluice/words';
import { limits } from '../../limits.ts';
import { complain, print } from '../../output.ts';
import { version } from '../../version.ts';
import { around } from '../base/options.ts';
import type { Program } from '../base/program.ts';

export function addKit({ command, does }: Program): void {
  const kit = command.command('kit').description('the installation stick');
  kit
    .command('verify')
    .description('checks every byte of an installation stick, and who signed it; exit 0 only if nothing differs')
    .argument('[dir]', 'the folder of the kit (default: the one this executable lies in)')
    .option('--seal <dir>', 'take CHECKSUMS, CHECKSUMS.sig and SIGNING-KEY.pub from this folder; the installer does it')
    .option('--older', 'accept a stick with an older version than this one')
    .action(does(verify));
  kit
    .command('remember')
    .description('keeps the key of an installation stick, which the next stick is compared with; the installer does it')
    .argument('[dir]', 'the folder of the kit (default: the one this executable lies in)')
    .option('--mine', 'for this user instead of the machine')
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
    `${verdict.files} files of ${kit} are what CHECKSUMS says, and there is no other`,
    `CHECKSUMS is signed by the key  ${verdict.fingerprint}`,
    earlier === undefined
      ? 'this machine has seen no kit before: compare these characters with what the maker of your sticks says, not with the stick'
      : `that is the key of the earlier installation (${earlier.file})`,
  ];
  await print(lines.map(clean));
  return exitCode.done;
}

async function remember(dir: string | undefined, { mine }: { readonly mine?: boolean }): Promise<number> {
  const kit = kitFolder(dir);
  const verdict = verifySeal(kit, rememberedKeys(around()));
  if (verdict.problems.length > 0) return refuse(kit, verdict);
  const file = rememberKey(verdict.pem, mine === true ? 'user' : 'machine', around());
  await print([clean(`the key ${verdict.fingerprint} is remembered in ${file}`)]);
  return exitCode.done;
}

/** @throws CommandError where no folder is known, or it is none */
function kitFolder(dir: string | undefined): string {
  const { executableDir } = around();
  const kit = dir === undefined ? kitAround(executableDir) : resolve(dir);
  if (kit === null) throw new CommandError('this executable lies in no kit: name its folder, sluice kit verify DIR', exitCode.badUsage);
  if (statSync(kit, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new CommandError(`there is no folder ${kit}`, exitCode.badUsage);
  return kit;
}

function refuse(kit: string, { problems }: KitVerdict): number {
  complain(clean(`sluice: the kit ${kit} is refused, install nothing from it:`));
  for (const { file, why } of problems.slice(0, limits.kitProblems)) complain(clean(`  ${file} ${why}`));
  if (problems.length > limits.kitProblems) complain(`  and ${problems.length - limits.kitProblems} more`);
  return exitCode.notAsAsked;
}
