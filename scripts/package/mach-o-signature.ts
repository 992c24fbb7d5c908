import { createHash } from 'node:crypto';
import { codeSignature, type MachO, readMachO, signatureAlignment } from './mach-o.ts';

/**
 * The signature that macOS requires of every program on Apple silicon: hashes of its pages, without an identity. Format: xnu's
 * osfmk/kern/cs_blobs.h, as Apple's and Go's linkers write it. All numbers in it are big-endian.
 */
const superBlobMagic = 0xfade0cc0;
const codeDirectoryMagic = 0xfade0c02;
/** The oldest version that says where the executable segment is. */
const version = 0x20400;
const adHoc = 0x2;
const sha256 = { type: 2, sizeBytes: 32 } as const;
const pageShift = 12;
const mainBinary = 1n;

const superBlobBytes = 12 + 8;
const directoryBytes = 88;
const machPageBytes = 0x4000;

/**
 * Signs a 64-bit Mach-O file ad hoc, and replaces an existing signature.
 * @param identifier the name of the program in the signature
 * @returns the signed file; the same for the same input
 * @throws Error if it is not such a file, or has no room for a signature
 */
export function signAdHoc(file: Uint8Array, identifier: string): Buffer {
  const code = unsigned(Buffer.from(file));
  const name = Buffer.from(`${identifier}\0`);
  const pages = Math.ceil(code.length / 2 ** pageShift);
  const signatureBytes = superBlobBytes + directoryBytes + name.length + pages * sha256.sizeBytes;
  const macho = readMachO(code);
  // The header is part of what is hashed, so it is changed first.
  nameSignature(code, macho, signatureBytes);
  growLinkEdit(code, macho, signatureBytes);
  return Buffer.concat([code, superBlob(codeDirectory(code, macho, name))], code.length + signatureBytes);
}

/** @returns what is signed, up to where a signature may begin */
function unsigned(file: Buffer): Buffer {
  const end = readMachO(file).signature?.dataOffset ?? file.length;
  const padding = (signatureAlignment - (end % signatureAlignment)) % signatureAlignment;
  return Buffer.concat([file.subarray(0, end), Buffer.alloc(padding)]);
}

function nameSignature(code: Buffer, { signature, commandsEnd, firstSection }: MachO, signatureBytes: number): void {
  const at = signature?.at ?? commandsEnd;
  if (signature === null) {
    if (commandsEnd + codeSignature.bytes > firstSection) throw new Error('its header has no room for another load command');
    code.writeUInt32LE(code.readUInt32LE(16) + 1, 16);
    code.writeUInt32LE(code.readUInt32LE(20) + codeSignature.bytes, 20);
  }
  const fields = [codeSignature.command, codeSignature.bytes, code.length, signatureBytes];
  for (const [index, field] of fields.entries()) code.writeUInt32LE(field, at + index * 4);
}

function growLinkEdit(code: Buffer, { linkEdit }: MachO, signatureBytes: number): void {
  const fileBytes = code.length + signatureBytes - Number(linkEdit.fileOffset);
  code.writeBigUInt64LE(BigInt(Math.ceil(fileBytes / machPageBytes) * machPageBytes), linkEdit.at + 32);
  code.writeBigUInt64LE(BigInt(fileBytes), linkEdit.at + 48);
}

function superBlob(directory: Buffer): Buffer {
  const head = Buffer.alloc(superBlobBytes);
  const fields = [superBlobMagic, superBlobBytes + directory.length, 1, 0, superBlobBytes];
  for (const [index, field] of fields.entries()) head.writeUInt32BE(field, index * 4);
  return Buffer.concat([head, directory]);
}

function codeDirectory(code: Buffer, { text }: MachO, name: Buffer): Buffer {
  const pages = pageHashes(code);
  const head = Buffer.alloc(directoryBytes);
  const length = directoryBytes + name.length + pages.length * sha256.sizeBytes;
  const fields = [codeDirectoryMagic, length, version, adHoc, directoryBytes + name.length, directoryBytes, 0, pages.length, code.length];
  for (const [index, field] of fields.entries()) head.writeUInt32BE(field, index * 4);
  head.set([sha256.sizeBytes, sha256.type, 0, pageShift], 36);
  head.writeBigUInt64BE(text.fileOffset, 64);
  head.writeBigUInt64BE(text.fileBytes, 72);
  head.writeBigUInt64BE(mainBinary, 80);
  return Buffer.concat([head, name, ...pages]);
}

function pageHashes(code: Buffer): Buffer[] {
  const hashes: Buffer[] = [];
  for (let at = 0; at < code.length; at += 2 ** pageShift) {
    hashes.push(
      createHash('sha256')
        .update(code.subarray(at, at + 2 ** pageShift))
        .digest(),
    );
  }
  return hashes;
}
