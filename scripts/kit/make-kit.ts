import { createPublicKey } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { version } from '../../apps/sluice/src/version.ts';
import { configTemplate } from '../../packages/config/src/schema/template.ts';
import { contentsOf, sha256Of } from '../../packages/kit/src/contents.ts';
import { checksumsName, checksumsText, componentsName, executablesFolder, keyName, signatureName } from '../../packages/kit/src/layout.ts';
import { fingerprint, signed } from '../../packages/kit/src/signature.ts';
import { bundle } from '../package/bundle.ts';
import { fileName } from '../package/targets.ts';
import { billOfMaterials } from './bill-of-materials.ts';
import { componentsInside } from './components.ts';
import { assertCurrent, executablesIn } from './executables.ts';
import { thirdPartyText } from './third-party.ts';

const root = join(import.meta.dirname, '../..');
const texts = join(import.meta.dirname, 'texts');

/** Some archives and sticks know no earlier one. */
const everyFilesTime = new Date('2000-01-01T00:00:00Z');

export interface KitInput {
  /** Where the executables are, and the kit is put: `kit/sluice-<version>`. */
  readonly dist: string;
  /** PKCS #8, PEM, Ed25519. */
  readonly privateKey: string;
}

export interface MadeKit {
  readonly folder: string;
  readonly missing: readonly string[];
  readonly fingerprint: string;
}

/**
 * Makes the folder that is copied onto a stick. The same executables and the same key give the same bytes.
 *
 * @throws KitError where there is no executable, or one of other sources
 */
export async function makeKit({ dist, privateKey }: KitInput): Promise<MadeKit> {
  const { found, missing } = executablesIn(dist);
  const work = mkdtempSync(join(dist, '.kit-'));
  try {
    const inputs = await bundle(join(work, 'bundle'));
    assertCurrent(dist, found, join(work, 'bundle'));
    const kit = join(work, 'kit');
    mkdirSync(join(kit, executablesFolder), { recursive: true });
    for (const target of found) cpSync(join(dist, fileName(target)), join(kit, executablesFolder, fileName(target)));
    const components = await componentsInside(inputs, found, dist);
    layTexts(kit, { 'THIRD-PARTY.txt': thirdPartyText(components), [componentsName]: billOfMaterials(components, version) });
    const key = createPublicKey(privateKey);
    writeFileSync(join(kit, keyName), key.export({ type: 'spki', format: 'pem' }));
    await seal(kit, privateKey);
    settle(kit);
    return { folder: putInPlace(kit, dist), missing, fingerprint: fingerprint(key) };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function layTexts(kit: string, made: Readonly<Record<string, string>>): void {
  for (const name of readdirSync(texts)) writeFileSync(join(kit, name), withLineEnds(name, readFileSync(join(texts, name), 'utf8')));
  for (const [name, text] of Object.entries(made)) writeFileSync(join(kit, name), text);
  writeFileSync(join(kit, 'sluice.toml.example'), configTemplate(null));
  cpSync(join(root, 'LICENSE'), join(kit, 'LICENSE'));
}

/** `cmd.exe` misses labels where lines end as elsewhere, `sh` takes an end of Windows for a letter; and a checkout may have either. */
function withLineEnds(name: string, text: string): string {
  return text.replaceAll(/\r?\n/g, name.endsWith('.cmd') ? '\r\n' : '\n');
}

async function seal(kit: string, privateKey: string): Promise<void> {
  const checksums = await Promise.all(contentsOf(kit).files.map(async (path) => ({ path, sha256: await sha256Of(join(kit, path)) })));
  const text = checksumsText(checksums);
  writeFileSync(join(kit, checksumsName), text);
  writeFileSync(join(kit, signatureName), signed(Buffer.from(text), privateKey));
}

/** Modes and times, independent of who makes the kit and when. */
function settle(kit: string): void {
  for (const path of contentsOf(kit).files) {
    chmodSync(join(kit, path), path.startsWith(`${executablesFolder}/`) || path.endsWith('.sh') ? 0o755 : 0o644);
    utimesSync(join(kit, path), everyFilesTime, everyFilesTime);
  }
  for (const folder of [join(kit, executablesFolder), kit]) {
    chmodSync(folder, 0o755);
    utimesSync(folder, everyFilesTime, everyFilesTime);
  }
}

function putInPlace(kit: string, dist: string): string {
  const folder = join(dist, 'kit', `sluice-${version}`);
  mkdirSync(dirname(folder), { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  renameSync(kit, folder);
  return folder;
}
