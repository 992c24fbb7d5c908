import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { version } from '../../apps/sluice/src/version.ts';
import { configTemplate } from '../../packages/config/src/schema/template.ts';
import { componentsName, executablesFolder } from '../../packages/kit/src/layout.ts';
import { bundle } from '../package/bundle.ts';
import { fileName } from '../package/targets.ts';
import { billOfMaterials } from './bill-of-materials.ts';
import { componentsInside } from './components.ts';
import { assertCurrent } from './current.ts';
import { executablesIn, kitFolder } from './executables.ts';
import { sealKit } from './seal-kit.ts';
import { thirdPartyText } from './third-party.ts';

const root = join(import.meta.dirname, '../..');
const texts = join(import.meta.dirname, 'texts');

/** What a kit is made from. */
export interface KitInput {
  /** The folder of the executables. The kit is put into it as `kit/sluice-<version>`. */
  readonly dist: string;
  /** PKCS #8, PEM, Ed25519. Null: `sealKit` seals it later. */
  readonly privateKey: string | null;
}

/** A kit that was made. */
export interface MadeKit {
  readonly folder: string;
  readonly missing: readonly string[];
  /** The fingerprint of the key. Null: the kit is not sealed. */
  readonly fingerprint: string | null;
}

/**
 * Makes the folder that is copied to a stick. The same executables and the same key give the same bytes.
 * @throws KitError if there is no executable, or one of other sources
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
    const fingerprint = privateKey === null ? null : await sealKit(kit, privateKey);
    return { folder: putInPlace(kit, dist), missing, fingerprint };
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

/** `cmd.exe` misses labels if lines end with LF only, `sh` reads CR as a letter, and a checkout may have either. */
function withLineEnds(name: string, text: string): string {
  return text.replaceAll(/\r?\n/g, name.endsWith('.cmd') ? '\r\n' : '\n');
}

function putInPlace(kit: string, dist: string): string {
  const folder = kitFolder(dist);
  mkdirSync(dirname(folder), { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  renameSync(kit, folder);
  return folder;
}
