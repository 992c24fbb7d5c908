import { stat } from 'node:fs/promises';
import { runChild } from '@sluice/child';
import type { RouteSettings } from '@sluice/core/model';
import { describeMount, errnoError, errnoOf, readMounts } from '@sluice/platform';
import { mountedFolder } from '../mounted/folder.ts';
import { type MarkerFound, readMarker } from '../mounted/marker.ts';
import type { Storage } from '../storage/storage.ts';

export interface EvidenceInit {
  readonly route: RouteSettings;
  /** Files that were copied, relative to the destination. */
  readonly names: readonly string[];
}

/** What lies at a destination's path now, for a person who has to say whether it is the right one. */
export interface Evidence {
  /** `(ext4 /dev/sdb1)`. */
  readonly description: string;
  readonly marker: MarkerFound;
  /** Which of the names are there. */
  readonly present: readonly string[];
  readonly missing: readonly string[];
}

/** A process that examines one destination once, and changes nothing there. */
export function runEvidence(): void {
  runChild<EvidenceInit, never, Evidence | { readonly failed: string }>(({ route, names }, channel) => {
    const answer = gather(route.destination, names).catch((error: unknown) => ({ failed: errnoOf(error) }));
    void answer.then((found) => channel.send(found));
  });
}

/** @throws the errno of the root, the marker or a file that can be seen neither as there nor as missing */
export async function gather(root: string, names: readonly string[]): Promise<Evidence> {
  // A root that is not there has no marker and no files either: it must not pass for an empty disk.
  if (!(await stat(root)).isDirectory()) throw errnoError('ENOTDIR', `${root} is no folder`);
  const storage = mountedFolder(root);
  const marker = await readMarker(storage);
  const found = await Promise.all(names.map((name) => isThere(storage, name)));
  const present = names.filter((_, index) => found[index] === true);
  const missing = names.filter((_, index) => found[index] !== true);
  return { description: describeMount(root, readMounts()), marker, present, missing };
}

/** Behind a link nothing counts: what was copied was never written through one. */
async function isThere(storage: Pick<Storage, 'stat'>, name: string): Promise<boolean> {
  try {
    return (await storage.stat(name))?.kind === 'file';
  } catch (error) {
    if (notThere.has(errnoOf(error))) return false;
    throw error;
  }
}

const notThere = new Set(['ENOTDIR', 'LINKED']);
