/** A load command of a segment; numbers are of the file. */
export interface Segment {
  /** Where its load command begins. */
  readonly at: number;
  readonly fileOffset: bigint;
  readonly fileBytes: bigint;
}

/** What a signature has to know of a Mach-O file. */
export interface MachO {
  readonly text: Segment;
  readonly linkEdit: Segment;
  /** `at`: where its load command begins. */
  readonly signature: { readonly at: number; readonly dataOffset: number };
}

const magic64 = 0xfeedfacf;
const segment64 = 0x19;
const codeSignature = 0x1d;
const headerBytes = 32;
const signatureAlignment = 16;

/**
 * Reads the load commands of a little-endian Mach-O file of 64 bits. Format: mach-o/loader.h.
 *
 * @throws Error where it is none, or where what a signature needs is not as linkers lay it out
 */
export function readMachO(file: Buffer): MachO {
  if (file.readUInt32LE(0) !== magic64) throw new Error('this is no Mach-O file of 64 bits');
  const segments = new Map<string, Segment>();
  let signature: MachO['signature'] | undefined;
  for (const { kind, at } of commands(file)) {
    if (kind === segment64) segments.set(segmentName(file, at), segmentAt(file, at));
    if (kind === codeSignature) signature = { at, dataOffset: file.readUInt32LE(at + 8) };
  }
  const text = segments.get('__TEXT');
  const linkEdit = segments.get('__LINKEDIT');
  if (text === undefined || linkEdit === undefined || signature === undefined) throw new Error('it has no place for a signature');
  assertLast(linkEdit, [...segments.values()], signature.dataOffset);
  return { text, linkEdit, signature };
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

/** A signature is the end of the last segment, and of the file. */
function assertLast(linkEdit: Segment, all: readonly Segment[], dataOffset: number): void {
  if (all.some(({ fileOffset }) => fileOffset > linkEdit.fileOffset)) throw new Error('__LINKEDIT is not the last segment');
  if (BigInt(dataOffset) < linkEdit.fileOffset) throw new Error('the signature is not in __LINKEDIT');
  if (dataOffset % signatureAlignment !== 0) throw new Error(`the signature begins at ${dataOffset}, which is not aligned`);
}
