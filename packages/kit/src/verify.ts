import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { contentsOf, NoFileOfKit, readShort, sha256Of } from './contents.ts';
import { type Checksum, checksumsName, componentsName, keyName, parseChecksums, signatureName } from './layout.ts';
import { limits } from './limits.ts';
import type { RememberedKey } from './remembered-key.ts';
import { fingerprint, isSignedBy, parseSignature, publicKey } from './signature.ts';
import { isOlder, versionOf } from './version.ts';

/** A difference between a kit and the kit that was made. */
export interface KitProblem {
  readonly file: string;
  readonly why: string;
}

/** The result of a verification. */
export interface KitVerdict {
  /** Empty: every byte is as it was made, and the key is the expected one. */
  readonly problems: readonly KitProblem[];
  /** The fingerprint of the key in the kit. Null: the kit has no valid key. */
  readonly fingerprint: string | null;
  /** The text of the key, to remember it. */
  readonly pem: string;
  readonly files: number;
}

/** What a verification uses instead of its defaults. */
export interface VerifyOptions {
  /**
   * The folder with `CHECKSUMS`, its signature and the key, by default the kit. A copy of the kit's own cannot change between two
   * readings.
   */
  readonly seal?: string;
  /** The version that is installed. A kit of an earlier version is refused. Default: any version is accepted. */
  readonly installed?: string;
}

/**
 * Verifies every byte of a kit: each file against `CHECKSUMS`, `CHECKSUMS` against its signature, and the key against the keys of
 * earlier installations. A replacement of everything, key included, is found by those keys or by the fingerprint.
 * @param remembered empty on a machine that has never seen a kit
 */
export async function verifyKit(kit: string, remembered: readonly RememberedKey[], options: VerifyOptions = {}): Promise<KitVerdict> {
  const { problems, checksums, ...verdict } = readVerdict(options.seal ?? kit, remembered);
  if (checksums === null) return { ...verdict, problems };
  const age = options.installed === undefined ? [] : ageProblems(kit, checksums, options.installed);
  return { ...verdict, problems: [...problems, ...(await fileProblems(kit, checksums)), ...age] };
}

/** A signature does not expire: an earlier version has a valid signature too, and the faults that were found in it since. */
function ageProblems(kit: string, checksums: readonly Checksum[], installed: string): readonly KitProblem[] {
  const version = versionOf(kit, checksums);
  if (version === null) return [{ file: componentsName, why: 'does not say which version this is' }];
  if (!isOlder(version, installed)) return [];
  const why = `is of version ${version}, which is older than the installed one (${installed}); the installer takes it with --older`;
  return [{ file: componentsName, why }];
}

/** Verifies only the files that vouch for the others, without the others themselves. */
export function verifySeal(kit: string, remembered: readonly RememberedKey[]): KitVerdict {
  return readVerdict(kit, remembered);
}

function readVerdict(kit: string, remembered: readonly RememberedKey[]): KitVerdict & { readonly checksums: readonly Checksum[] | null } {
  const sealed = readSeal(kit);
  if ('problems' in sealed) return { ...sealed, fingerprint: null, pem: '', files: 0, checksums: null };
  const { checksums, key, pem } = sealed;
  const problems = [...sealProblems(sealed), ...(key === null ? [] : rememberedProblems(key, remembered))];
  return { problems, fingerprint: key === null ? null : fingerprint(key), pem, files: checksums?.length ?? 0, checksums };
}

/** The three files that vouch for all others. */
interface Seal {
  readonly bytes: Uint8Array;
  readonly checksums: readonly Checksum[] | null;
  readonly signature: Uint8Array | null;
  readonly key: KeyObject | null;
  readonly pem: string;
}

function readSeal(kit: string): Seal | { readonly problems: readonly KitProblem[] } {
  const problems: KitProblem[] = [];
  const [bytes, signature, pem] = [checksumsName, signatureName, keyName].map((name) => {
    const read = readSmall(join(kit, name));
    if ('why' in read) problems.push({ file: name, why: read.why });
    return 'why' in read ? Buffer.of() : read.bytes;
  });
  if (bytes === undefined || signature === undefined || pem === undefined || problems.length > 0) return { problems };
  // In latin1 every byte is a separate character, so none is lost before the comparison.
  const text = pem.toString('latin1');
  return {
    bytes,
    checksums: parseChecksums(bytes.toString('latin1')),
    signature: parseSignature(signature.toString('latin1')),
    key: publicKey(text),
    pem: text,
  };
}

function readSmall(file: string): { readonly bytes: Buffer } | { readonly why: string } {
  try {
    return { bytes: readShort(file) };
  } catch (error) {
    return { why: unreadable(error) };
  }
}

function unreadable(error: unknown): string {
  if (error instanceof NoFileOfKit) return error.message;
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'is missing' : `cannot be read (${code})`;
}

function sealProblems({ bytes, checksums, signature, key }: Seal): readonly KitProblem[] {
  const problems: KitProblem[] = [];
  if (checksums === null) problems.push({ file: checksumsName, why: 'was changed: it is not a sorted list of checksums' });
  if (signature === null) problems.push({ file: signatureName, why: 'was changed: it is not a signature' });
  if (key === null) problems.push({ file: keyName, why: 'was changed: it is not a key' });
  if (signature === null || key === null || isSignedBy(key, bytes, signature)) return problems;
  const why = `is not what ${keyName} signed in ${signatureName}: one of the three was changed`;
  return [...problems, { file: checksumsName, why }];
}

function rememberedProblems(key: KeyObject, remembered: readonly RememberedKey[]): readonly KitProblem[] {
  const mine = fingerprint(key);
  return remembered.flatMap(({ file, read }) => {
    if ('why' in read) return [{ file, why: `contains the key of the earlier installation and cannot be read (${read.why})` }];
    const earlier = publicKey(read.pem);
    if (earlier === null) return [{ file, why: 'should contain the key of the earlier installation, and contains no key' }];
    if (earlier.equals(key)) return [];
    const why = `is another key (${mine}) than that of the earlier installation (${fingerprint(earlier)}, in ${file}); if the maker of your sticks announced a new key with exactly these characters, remove that file`;
    return [{ file: keyName, why }];
  });
}

async function fileProblems(kit: string, checksums: readonly Checksum[]): Promise<readonly KitProblem[]> {
  const problems: KitProblem[] = [];
  for (const { path, sha256 } of checksums) {
    try {
      if ((await sha256Of(join(kit, path))) !== sha256)
        problems.push({ file: path, why: `was changed: its sha256 is not the one in ${checksumsName}` });
    } catch (error) {
      problems.push({ file: path, why: unreadable(error) });
    }
  }
  const more = surplus(kit, new Set([checksumsName, signatureName, ...checksums.map(({ path }) => path)]));
  return [...problems, ...more.filter(({ file, why }) => !problems.some((known) => known.file === file && known.why === why))];
}

/** Refuses files that are not listed. A kit whose list lacks its key fails here too. */
function surplus(kit: string, listed: ReadonlySet<string>): readonly KitProblem[] {
  try {
    const { files, others, isCutShort } = contentsOf(kit);
    const tooMany = isCutShort ? [{ file: '.', why: `holds more than ${limits.kitFiles} files and folders, which no kit does` }] : [];
    const added = files.filter((path) => !listed.has(path)).map((file) => ({ file, why: `is not in ${checksumsName}: somebody added it` }));
    return [...tooMany, ...added, ...others.map((file) => ({ file, why: 'is a link or a special file, which a kit never contains' }))];
  } catch (error) {
    return [{ file: '.', why: unreadable(error) }];
  }
}
