import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { isOlder, versionOf } from './age.ts';
import { contentsOf, NoFileOfKit, readShort, sha256Of } from './contents.ts';
import { type Checksum, checksumsName, componentsName, keyName, parseChecksums, signatureName } from './layout.ts';
import { limits } from './limits.ts';
import type { RememberedKey } from './remembered-key.ts';
import { fingerprint, isSignedBy, parseSignature, publicKey } from './signature.ts';

/** Something that is not as the kit was made. */
export interface KitProblem {
  readonly file: string;
  readonly why: string;
}

export interface KitVerdict {
  /** Empty: not a byte differs, and the key is the expected one. */
  readonly problems: readonly KitProblem[];
  /** Of the key in the kit; null where that is none. */
  readonly fingerprint: string | null;
  /** The text of the key, for the next time. */
  readonly pem: string;
  readonly files: number;
}

export interface VerifyOptions {
  /** The folder of `CHECKSUMS`, its signature and the key; a copy of those of the kit does not change between two readings. */
  readonly seal?: string;
  /** The version that is installed: a kit of an earlier one is refused. Default: any will do. */
  readonly installed?: string;
}

/**
 * Checks every byte of a kit: each file against `CHECKSUMS`, that one against its signature, and the key that signed
 * against the keys of earlier installations. Who exchanges all of it, key included, is found by these or by the fingerprint.
 *
 * @param remembered none, where this machine has never seen a kit
 */
export async function verifyKit(kit: string, remembered: readonly RememberedKey[], options: VerifyOptions = {}): Promise<KitVerdict> {
  const { problems, checksums, ...verdict } = readVerdict(options.seal ?? kit, remembered);
  if (checksums === null) return { ...verdict, problems };
  const age = options.installed === undefined ? [] : ageProblems(kit, checksums, options.installed);
  return { ...verdict, problems: [...problems, ...(await fileProblems(kit, checksums)), ...age] };
}

/** A signature does not grow old: who signed an earlier version signed the faults that were found in it since. */
function ageProblems(kit: string, checksums: readonly Checksum[], installed: string): readonly KitProblem[] {
  const version = versionOf(kit, checksums);
  if (version === null) return [{ file: componentsName, why: 'does not say which version this is' }];
  if (!isOlder(version, installed)) return [];
  const why = `is of version ${version}, which is older than the installed one (${installed}); the installer takes it with --older`;
  return [{ file: componentsName, why }];
}

/** The same without the files themselves: only what vouches for them. */
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
  // latin1: every byte is a separate character, so none is lost before it is compared.
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

/** Also a kit without its key in the list: then the key is what is too much. */
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
