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
}

/** What is at a destination's path now. A person uses it to decide whether it is the right disk. */
export interface Evidence {
  /** Filesystem and device, such as `(ext4 /dev/sdb1)`. */
  readonly description: string;
  readonly marker: MarkerFound;
  /** Those of the names that exist. */
  readonly present: readonly string[];
  readonly missing: readonly string[];
}

/** Runs this process to examine one destination once. Changes nothing there. */
export function runEvidence(): void {
  runChild<EvidenceInit, never, Evidence | { readonly failed: string }>(({ route, names }, channel) => {
    const answer = gather(route.destination, names).catch((error: unknown) => ({ failed: errnoOf(error) }));
    void answer.then((found) => channel.send(found));
  });
}

/** Gathers the evidence. @throws the errno of the root, the marker or a file, if it cannot be said whether it exists */
export async function gather(root: string, names: readonly string[]): Promise<Evidence> {
  // A missing root has no marker and no files either. It must not be taken for an empty disk.
  if (!(await stat(root)).isDirectory()) throw errnoError('ENOTDIR', `${root} is no folder`);
  const storage = mountedFolder(root);
  const marker = await readMarker(storage);
  const found = await Promise.all(names.map((name) => isThere(storage, name)));
  const present = names.filter((_, index) => found[index] === true);
  const missing = names.filter((_, index) => found[index] !== true);
  return { description: describeMount(root, readMounts()), marker, present, missing };
}

/** Returns whether a regular file has this name. A file behind a link does not count, because Sluice never writes through one. */
async function isThere(storage: Pick<Storage, 'stat'>, name: string): Promise<boolean> {
  try {
    return (await storage.stat(name))?.kind === 'file';
  } catch (error) {
    if (notThere.has(errnoOf(error))) return false;
    throw error;
  }
}

const notThere = new Set(['ENOTDIR', 'LINKED']);
