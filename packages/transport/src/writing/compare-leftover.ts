import type { KeptBecause, LeftoverCheck, LeftoverFound } from '@sluice/core/model';
import { type Awaitable, closeQuietly, errnoOf } from '@sluice/platform';
import { copyLimits } from '../limits.ts';
import type { FileFacts, OpenFile } from '../storage/storage.ts';

/** The access to the destination that a comparison uses, and its extent. */
export interface Comparing {
  /** Opens a file at the destination for reading. */
  open(name: string): Awaitable<OpenFile>;
  /** Returns whether inode numbers identify files at the destination. */
  hasRealInodes(): Promise<boolean>;
  /** Whether bytes of both files are compared. */
  readonly readsBytes: boolean;
}

/** The result of a comparison, and the file that was compared. */
export interface Compared extends LeftoverFound {
  /** Null: no file has the name. */
  readonly facts: FileFacts | null;
}

/**
 * Compares the file with the name of a leftover with the journal, and with the complete copy that replaced it. A leftover can be
 * removed if it is exactly the file that Sluice created, was not changed since the complete copy was made, and contains the
 * beginning of that copy.
 *
 * @throws the errno of a failed call
 */
export async function compareLeftover(comparing: Comparing, check: LeftoverCheck): Promise<Compared> {
  const file = await openOrWhyNot(comparing, check.name);
  if (file === 'absent') return { kept: null, sizeBytes: null, facts: null };
  if (file === 'not_regular') return { kept: 'other_file', sizeBytes: null, facts: null };
  try {
    const facts = file.atOpen;
    return { kept: await whyKept(comparing, check, file), sizeBytes: facts.sizeBytes, facts };
  } finally {
    void closeQuietly(file);
  }
}

async function whyKept(comparing: Comparing, check: LeftoverCheck, file: OpenFile): Promise<KeptBecause | null> {
  const { replacement, inode, leastBytes } = check;
  if (replacement === undefined || replacement.destination === check.name) return 'not_replaced';
  if (inode === undefined || !(await comparing.hasRealInodes())) return 'not_known_as_ours';
  if (file.atOpen.inode !== inode) return 'other_file';
  if (!isPartOf(file.atOpen.sizeBytes, leastBytes, replacement)) return 'changed';
  const complete = await openOrWhyNot(comparing, replacement.destination);
  if (typeof complete === 'string') return 'replacement_gone';
  try {
    if (complete.atOpen.sizeBytes !== replacement.sizeBytes) return 'replacement_gone';
    // Both times are from the clock of the storage. The change time of the copy is not before its last byte.
    if (isAfter(file.atOpen, BigInt(complete.atOpen.changeNs))) return 'changed';
    if (!comparing.readsBytes) return null;
    return (await haveSameBytes(file, complete, Math.min(leastBytes, file.atOpen.sizeBytes))) ? null : 'other_bytes';
  } finally {
    void closeQuietly(complete);
  }
}

/** Returns whether a leftover of this size can be a part of the complete copy. */
export function isPartOf(
  sizeBytes: number,
  leastBytes: number,
  replacement: Pick<NonNullable<LeftoverCheck['replacement']>, 'sizeBytes'>,
): boolean {
  return sizeBytes >= leastBytes && sizeBytes <= replacement.sizeBytes;
}

function isAfter({ mtimeNs, changeNs }: FileFacts, madeNs: bigint): boolean {
  return BigInt(mtimeNs) > madeNs || BigInt(changeNs) > madeNs;
}

/**
 * Compares pieces from the inside of both files. The beginning and the end are left out, because a recorder rewrites its header
 * and its index when it closes the file.
 */
async function haveSameBytes(file: OpenFile, complete: OpenFile, bytes: number): Promise<boolean> {
  const { leftoverPieces: pieces, leftoverPieceBytes: pieceBytes } = copyLimits;
  for (let piece = 1; piece <= pieces; piece += 1) {
    const at = Math.floor((bytes * piece) / (pieces + 1));
    const length = Math.min(pieceBytes, bytes - at);
    const [one, other] = [await readPiece(file, at, length), await readPiece(complete, at, length)];
    if (!one.equals(other)) return false;
  }
  return true;
}

async function readPiece(file: OpenFile, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const read = await file.read(bytes.subarray(done), at + done);
    if (read === 0) break;
    done += read;
  }
  return bytes.subarray(0, done);
}

async function openOrWhyNot(comparing: Comparing, name: string): Promise<OpenFile | 'absent' | 'not_regular'> {
  try {
    return await comparing.open(name);
  } catch (error) {
    const code = errnoOf(error);
    if (absent.has(code)) return 'absent';
    if (notRegular.has(code)) return 'not_regular';
    throw error;
  }
}

const absent: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'LOST']);

/** Errors of opening a link, a path through a link, or anything else that is not a regular file. */
const notRegular: ReadonlySet<string> = new Set(['ELOOP', 'EFTYPE', 'EISDIR', 'ENXIO', 'LINKED']);
