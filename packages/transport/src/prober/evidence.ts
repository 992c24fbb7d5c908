import { stat } from 'node:fs/promises';
import { runChild } from '@sluice/child';
import type { RouteSettings } from '@sluice/core/model';
import { describeMount, errnoError, errnoOf, readMounts } from '@sluice/platform';
import { mountedFolder } from '../mounted/folder.ts';
import { type MarkerFound, readMarker } from '../mounted/marker.ts';
import type { Storage } from '../storage/storage.ts';

/** The first message to a process that gathers evidence of a destination. */
export interface EvidenceInit {
  readonly route: RouteSettings;
  /** Names of files that were copied, relative to the destination. */
  readonly names: readonly string[];
  /** Their sizes, bytes. */
  readonly sizes: readonly number[];
}

/** What is at a destination's path now. A person uses it to decide whether it is the right disk. */
export interface Evidence {
  /** Filesystem and device, such as `(ext4 /dev/sdb1)`. */
  readonly description: string;
  readonly marker: MarkerFound;
  /** Those of the names that exist. */
  readonly present: readonly string[];
  readonly missing: readonly string[];
  /** Those of the present ones that have another size. */
  readonly changed: readonly string[];
}

/** Runs this process to examine one destination once. Changes nothing there. */
export function runEvidence(): void {
  runChild<EvidenceInit, never, Evidence | { readonly failed: string }>(({ route, names, sizes }, channel) => {
    const answer = gather(route.destination, names, sizes).catch((error: unknown) => ({ failed: errnoOf(error) }));
    void answer.then((found) => channel.send(found));
  });
}

/** Gathers the evidence. @throws the errno of the root, the marker or a file, if it cannot be said whether it exists */
export async function gather(root: string, names: readonly string[], sizes: readonly number[] = []): Promise<Evidence> {
  // A missing root has no marker and no files either. It must not be taken for an empty disk.
  if (!(await stat(root)).isDirectory()) throw errnoError('ENOTDIR', `${root} is no folder`);
  const storage = mountedFolder(root);
  const marker = await readMarker(storage);
  const found = await Promise.all(names.map((name) => sizeOf(storage, name)));
  const present = names.filter((_, index) => found[index] !== null);
  const missing = names.filter((_, index) => found[index] === null);
  const changed = names.filter((_, index) => found[index] !== null && sizes[index] !== undefined && found[index] !== sizes[index]);
  return { description: describeMount(root, readMounts()), marker, present, missing, changed };
}

/**
 * Returns the size of the regular file with this name. Null: there is none. A file behind a link does not count, because Sluice never
 * writes through one.
 */
async function sizeOf(storage: Pick<Storage, 'stat'>, name: string): Promise<number | null> {
  try {
    const facts = await storage.stat(name);
    return facts?.kind === 'file' ? facts.sizeBytes : null;
  } catch (error) {
    if (notThere.has(errnoOf(error))) return null;
    throw error;
  }
}

const notThere = new Set(['ENOTDIR', 'LINKED']);
