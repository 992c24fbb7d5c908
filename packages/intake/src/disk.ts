import { statfs } from 'node:fs/promises';

/** The disk of the source, in bytes. Null: the system does not say. */
export interface Disk {
  /** What can still be written to it. */
  readonly freeBytes: number | null;
  readonly totalBytes: number | null;
}

/** A disk of which nothing is known. */
export const unknownDisk: Disk = { freeBytes: null, totalBytes: null };

/** Returns the disk that a folder is on. */
export async function diskOf(path: string): Promise<Disk> {
  const disk = await statfs(path).catch(() => null);
  if (disk === null || disk.blocks === 0) return unknownDisk;
  return { freeBytes: disk.bavail * disk.bsize, totalBytes: disk.blocks * disk.bsize };
}
