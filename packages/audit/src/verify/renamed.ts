import type { FileId, SourceEntry } from '@sluice/core/model';
import { createRules, listSource } from '@sluice/intake';
import type { ContentReader, Storage } from '@sluice/transport';
import { limits } from '../limits.ts';
import type { Copy } from '../model.ts';
import type { AuditInit } from '../process/messages.ts';
import { isSameTime } from '../process/times.ts';

/** What renamed copies are searched with. */
interface Looking {
  readonly init: Pick<AuditInit, 'route'>;
  readonly destination: Storage;
  readonly content: ContentReader;
  readonly mount: Parameters<ContentReader['read']>[0]['mount'];
}

/**
 * Finds copies that were renamed at the destination: files with the size, modification time and bytes of a missing one.
 *
 * @param known returns the names of copies in the journal, which are not missing
 * @returns the names that were found
 */
export async function findRenamed(
  looking: Looking,
  missing: readonly Copy[],
  known: () => ReadonlySet<string>,
): Promise<ReadonlyMap<FileId, string>> {
  const found = new Map<FileId, string>();
  if (missing.length === 0 || missing.length > limits.missingToFind) return found;
  const entries = await unknownFiles(looking, known());
  for (const copy of missing) {
    const { sizeBytes, mtimeNs } = copy.fingerprint;
    const candidates = entries.filter((entry) => {
      return entry.fingerprint.sizeBytes === sizeBytes && isSameTime(entry.fingerprint.mtimeNs, mtimeNs);
    });
    for (const { path } of candidates.slice(0, limits.renameCandidates)) {
      if (await hasBytes(looking, path, copy)) {
        found.set(copy.id, path);
        break;
      }
    }
  }
  return found;
}

async function unknownFiles({ init }: Looking, known: ReadonlySet<string>): Promise<readonly SourceEntry[]> {
  const { route } = init;
  const rules = createRules({ include: ['**/*'], exclude: [], growing: route.growing });
  const ownMarkers = new Set<string>();
  const listing = await listSource({ root: route.destination, rules, stableAfterMs: 0, now: Date.now(), ownMarkers });
  return listing.entries.filter(({ path }) => !known.has(path));
}

async function hasBytes({ destination, content, mount }: Looking, name: string, copy: Copy): Promise<boolean> {
  const { sizeBytes } = copy.fingerprint;
  try {
    const read = await content.read({ storage: destination, side: 'destination', name, sizeBytes, mount, onRead: () => undefined });
    return copy.hash !== null && read.hash?.value === copy.hash.value;
  } catch {
    return false;
  }
}
