import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { executablesFolder } from '../../packages/kit/src/layout.ts';
import { kitFolder } from '../kit/executables.ts';
import { makeKit } from '../kit/make-kit.ts';
import { fileName, findTarget, thisMachine } from '../package/targets.ts';
import { runProcess } from '../run-process.ts';
import { ReleaseError } from './release-error.ts';
import { executablesOfRelease, type MadeRelease, type ReleaseInput, signRelease } from './sign-release.ts';

const timeoutMs = 300_000;

/**
 * Makes the kit without a key, because the code that makes it loads dependencies.
 * @throws ReleaseError if an executable is missing
 */
export async function prepareRelease(dist: string): Promise<string> {
  executablesOfRelease(dist);
  return (await makeKit({ dist, privateKey: null })).folder;
}

/**
 * Does both steps on one machine: makes the kit, signs it, and lets the kit verify itself.
 * @throws ReleaseError if an executable is missing, or the kit does not verify itself; then there is no release
 */
export async function makeRelease({ dist, privateKey }: ReleaseInput): Promise<MadeRelease> {
  await prepareRelease(dist);
  const made = await signRelease({ dist, privateKey });
  const kit = kitFolder(dist);
  const program = join(kit, executablesFolder, fileName(findTarget(thisMachine())));
  const { code, output } = await runProcess(program, ['kit', 'verify', kit], { timeoutMs });
  if (code === 0) return made;
  rmSync(made.folder, { recursive: true, force: true });
  throw new ReleaseError(`the kit does not verify itself:\n${output}`);
}
