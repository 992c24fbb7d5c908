import { isEnded, type JournalRecord, type TrackedFile } from '@sluice/core';
import type { Simulation } from './simulate.ts';

/** Broken promises, in words; none is the only good answer. Numbers are those of the design's list of invariants. */
export function brokenPromises(simulation: Simulation): string[] {
  return [
    ...simulation.destination.sins.map((sin) => `2: ${sin}`),
    ...unverifiedNames(simulation),
    ...twoLiveFiles(simulation),
    ...unexplainedNames(simulation),
    ...unlinkedRecoveries(simulation),
  ];
}

/** 3: what bears the name of a COMPLETED file holds its very bytes. */
function unverifiedNames({ files, destination }: Simulation): string[] {
  return files().flatMap((file) => {
    if (file.status !== 'COMPLETED') return [];
    const there = destination.content(file.destination);
    if (there === null) return [`3: ${file.destination} is COMPLETED and not there`];
    const value = `${there.stamp}/${there.sizeBytes}`;
    return value === file.hash?.value ? [] : [`3: ${file.destination} holds ${value}, journaled ${file.hash?.value}`];
  });
}

/** 5: at most one live tracked file per lineage. */
function twoLiveFiles({ files }: Simulation): string[] {
  const live = new Map<string, TrackedFile>();
  return files().flatMap((file) => {
    if (isEnded(file.status)) return [];
    const other = live.get(file.source);
    live.set(file.source, file);
    return other === undefined ? [] : [`5: ${file.source} is tracked by ${other.status} and ${file.status}`];
  });
}

/** 6: another name than the source's only with a reason. */
function unexplainedNames({ files, records }: Simulation): string[] {
  return files().flatMap((file) => {
    if (file.destination === file.source) return [];
    if (file.nameReason === null) return [`6: ${file.source} is ${file.destination} for no reason`];
    if (file.nameReason === 'recovery' && !hasFailedBegun(records, file.source)) {
      return [`6: ${file.destination} recovers nothing that had begun`];
    }
    return [];
  });
}

function hasFailedBegun(records: readonly JournalRecord[], source: string): boolean {
  return records.some(
    (record) => record.kind === 'transition' && record.file.source === source && record.file.status === 'FAILED' && record.file.begun,
  );
}

/** `recoveryOf` and `recoveredBy` agree. */
function unlinkedRecoveries({ files }: Simulation): string[] {
  const byId = new Map(files().map((file) => [file.id, file]));
  return files().flatMap((file) => {
    if (file.recoveredBy === null) return [];
    const next = byId.get(file.recoveredBy);
    return next?.recoveryOf === file.id ? [] : [`${file.id} says it is recovered by ${file.recoveredBy}, which does not`];
  });
}

/** What is at the destination at the end and why, or what should not be there. */
export function strayNames({ files, destination }: Simulation): string[] {
  const explained = new Set<string>();
  for (const file of files()) {
    if (file.status === 'COMPLETED') explained.add(file.destination);
    if (file.status === 'FAILED' && file.left !== null) explained.add(file.left);
    for (const part of file.leftParts) explained.add(part);
  }
  return destination.names().filter((name) => !explained.has(name) && !(destination.inode(name) ?? '').startsWith('f'));
}
