/** The load command of a segment. Offsets are in the file. */
export interface Segment {
  /** Where its load command begins. */
  readonly at: number;
  readonly fileOffset: bigint;
  readonly fileBytes: bigint;
}

/** What a signature needs to know about a Mach-O file. */
export interface MachO {
  readonly text: Segment;
  readonly linkEdit: Segment;
  /** `at`: where its load command begins. Null: there is none, because tools that add segments remove it. */
  readonly signature: { readonly at: number; readonly dataOffset: number } | null;
  /** Where another load command could begin, and where the first section would be in its way. */
  readonly commandsEnd: number;
  readonly firstSection: number;
}

const magic64 = 0xfeedfacf;
const segment64 = 0x19;
const segmentBytes = 72;
const sectionBytes = 80;
/** The load command that says where the signature is (`linkedit_data_command`). */
export const codeSignature = { command: 0x1d, bytes: 16 } as const;
const headerBytes = 32;
/** Alignment of a signature in the file, in bytes. */
export const signatureAlignment = 16;

/**
 * Reads the load commands of a little-endian 64-bit Mach-O file. Format: mach-o/loader.h.
 * @throws Error if it is not such a file, or is laid out differently from what linkers write
 */
export function readMachO(file: Buffer): MachO {
  if (file.readUInt32LE(0) !== magic64) throw new Error('this is not a Mach-O file of 64 bits');
  const segments = new Map<string, Segment>();
  let signature: MachO['signature'] = null;
  let firstSection = Number.POSITIVE_INFINITY;
  for (const { kind, at } of commands(file)) {
    if (kind === codeSignature.command) signature = { at, dataOffset: file.readUInt32LE(at + 8) };
    if (kind !== segment64) continue;
    segments.set(segmentName(file, at), segmentAt(file, at));
    firstSection = Math.min(firstSection, ...sectionOffsets(file, at));
  }
  const text = segments.get('__TEXT');
  const linkEdit = segments.get('__LINKEDIT');
  if (text === undefined || linkEdit === undefined) throw new Error('it lacks __TEXT or __LINKEDIT');
  assertLast(linkEdit, [...segments.values()], signature?.dataOffset ?? file.length);
  return { text, linkEdit, signature, commandsEnd: headerBytes + file.readUInt32LE(20), firstSection };
}

function* commands(file: Buffer): Generator<{ readonly kind: number; readonly at: number }> {
  const count = file.readUInt32LE(16);
  for (let index = 0, at = headerBytes; index < count; index += 1) {
    yield { kind: file.readUInt32LE(at), at };
    at += file.readUInt32LE(at + 4);
  }
}

function segmentName(file: Buffer, at: number): string {
  return file.toString('latin1', at + 8, at + 24).replace(/\0.*$/s, '');
}

function segmentAt(file: Buffer, at: number): Segment {
  return { at, fileOffset: file.readBigUInt64LE(at + 40), fileBytes: file.readBigUInt64LE(at + 48) };
}

/** Returns the sections that are in the file. Those that are only in memory begin at 0. */
function sectionOffsets(file: Buffer, at: number): number[] {
  const count = file.readUInt32LE(at + 64);
  const offsets = Array.from({ length: count }, (_, index) => file.readUInt32LE(at + segmentBytes + index * sectionBytes + 48));
  return offsets.filter((offset) => offset > 0);
}

/** A signature is at the end of the last segment and of the file. */
function assertLast(linkEdit: Segment, all: readonly Segment[], signatureOffset: number): void {
  if (all.some(({ fileOffset }) => fileOffset > linkEdit.fileOffset)) throw new Error('__LINKEDIT is not the last segment');
  if (BigInt(signatureOffset) < linkEdit.fileOffset) throw new Error('the signature is not in __LINKEDIT');
}
