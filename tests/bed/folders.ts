import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { bedFolder, clearBed, memoryFolder } from './bed-folder.ts';

/** The folders of one test, removed after it. */
export interface Folders {
  readonly root: string;
  readonly source: string;
  readonly destination: string;
  readonly stateDir: string;
  remove(): Promise<void>;
}

/** Creates the folders on the disk. */
export async function makeFolders(): Promise<Folders> {
  const root = await mkdtemp(join(tmpdir(), 'sluice-e2e-'));
  // A process of an agent that was killed may still create a file.
  return { ...(await makeFoldersIn(root)), remove: () => rm(root, { recursive: true, force: true, maxRetries: 10 }) };
}

/** Creates the folders in memory. A recorder on a busy disk pauses, and then its file looks complete. */
export async function makeMemoryFolders(): Promise<Folders> {
  const bed = await bedFolder();
  return { ...(await makeFoldersIn(await memoryFolder(join(bed, 'memory')))), remove: () => clearBed(bed) };
}

async function makeFoldersIn(root: string): Promise<Omit<Folders, 'remove'>> {
  const folders = { source: join(root, 'source'), destination: join(root, 'destination'), stateDir: join(root, 'state') };
  await mkdir(folders.source);
  await mkdir(folders.destination);
  return { root, ...folders };
}

/** Writes a file of random bytes, and creates the folders above it. */
export async function makeFile(path: string, sizeBytes: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'wx');
  const block = randomBytes(Math.min(1 << 20, Math.max(1, sizeBytes)));
  for (let left = sizeBytes; left > 0; left -= block.length) {
    if (block.length >= 4) block.writeUInt32LE(left >>> 0);
    await file.write(block, 0, Math.min(left, block.length));
  }
  await file.close();
}

/** Returns every file below a folder, hidden ones too: relative path to SHA-256. */
export async function hashTree(root: string, counts = (_name: string): boolean => true): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && counts(entry.name)).map((entry) => join(entry.parentPath, entry.name));
  const pairs = await Promise.all(files.sort().map(async (path) => [path.slice(root.length + 1), await sha256(path)] as const));
  return Object.fromEntries(pairs);
}

/**
 * Returns the files at a destination without Sluice's own: its marker, and the probe's file, which exists for moments while an
 * agent runs.
 */
export async function hashCopies(root: string): Promise<Readonly<Record<string, string>>> {
  return await hashTree(root, (name) => name !== '.sluice-destination' && !name.startsWith('.sluice-probe-'));
}

/** Returns the SHA-256 of a file in hexadecimal digits. */
export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
