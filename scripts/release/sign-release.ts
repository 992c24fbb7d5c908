import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { version } from '../../apps/sluice/src/version.ts';
import { contentsOf, sha256Of } from '../../packages/kit/src/contents.ts';
import { checksumsText, keyName } from '../../packages/kit/src/layout.ts';
import { signed } from '../../packages/kit/src/signature.ts';
import { executablesIn, kitFolder } from '../kit/executables.ts';
import { sealKit } from '../kit/seal-kit.ts';
import { fileName, type Target } from '../package/targets.ts';
import { runProcess } from '../run-process.ts';
import { ReleaseError } from './release-error.ts';

const timeoutMs = 300_000;
const sumsName = 'SHA256SUMS';

/** What a release is made from. */
export interface ReleaseInput {
  /** The folder of the executables and the kit. The release is put into it as `release`. */
  readonly dist: string;
  /** PKCS #8, PEM, Ed25519. */
  readonly privateKey: string;
}

/** A release that was made. */
export interface MadeRelease {
  readonly folder: string;
  readonly files: readonly string[];
  /** The fingerprint of the key. */
  readonly fingerprint: string;
}

/** Returns every executable of a release. @throws ReleaseError if one is missing */
export function executablesOfRelease(dist: string): readonly Target[] {
  const { found, missing } = executablesIn(dist);
  if (missing.length > 0) throw new ReleaseError(`not in ${dist}: ${missing.join(', ')}; npm run package -- --target all makes them`);
  return found;
}

/**
 * Seals a kit, and writes everything that is published: the executables, the kit, the key, and the signed checksums of them. It
 * has the key, so it loads no dependency and runs no program except tar; `tests/package/release.test.ts` checks that.
 * @throws ReleaseError if an executable or the kit is missing
 */
export async function signRelease({ dist, privateKey }: ReleaseInput): Promise<MadeRelease> {
  const found = executablesOfRelease(dist);
  const kit = kitFolder(dist);
  if (!existsSync(kit)) throw new ReleaseError(`there is no ${kit}: npm run release -- --prepare makes it`);
  const fingerprint = await sealKit(kit, privateKey);
  const folder = join(dist, 'release');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const target of found) copyFileSync(join(dist, fileName(target)), join(folder, fileName(target)));
  for (const target of found) chmodSync(join(folder, fileName(target)), 0o755);
  copyFileSync(join(kit, keyName), join(folder, keyName));
  await archive(kit, join(folder, `sluice-${version}-kit.tar.gz`));
  await seal(folder, privateKey);
  return { folder, files: contentsOf(folder).files, fingerprint };
}

/** The times and modes of the kit are fixed. The archive shows neither its owner nor the order in which it was read. */
async function archive(kit: string, file: string): Promise<void> {
  const alike = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--format=ustar', '--use-compress-program=gzip -n'];
  const args = ['--create', ...alike, '--file', file, '--directory', dirname(kit), basename(kit)];
  const { code, output } = await runProcess('tar', args, { timeoutMs });
  if (code !== 0) throw new ReleaseError(`tar ended with ${code}: ${output.trim()}`);
}

async function seal(folder: string, privateKey: string): Promise<void> {
  const sums = await Promise.all(contentsOf(folder).files.map(async (path) => ({ path, sha256: await sha256Of(join(folder, path)) })));
  writeFileSync(join(folder, sumsName), checksumsText(sums));
  writeFileSync(join(folder, `${sumsName}.sig`), signed(readFileSync(join(folder, sumsName)), privateKey));
}
