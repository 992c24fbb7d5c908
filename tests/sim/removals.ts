import { type FileId, isCompleted, type RouteName } from '@sluice/core/model';
import { type Content, hashOf, type Prng } from '@sluice/testkit';
import type { Simulation } from './simulate.ts';

/** Watches the removals at the source. */
export interface RemovalWitness {
  /** Violations of promise 1. */
  broken(): readonly string[];
}

/**
 * 1: a source file is removed only if the journal has, for every route that read it when its removal was recorded, a verified copy of
 * exactly these bytes, and the intent of the removal.
 */
export function watchRemovals(simulation: Simulation): RemovalWitness {
  const broken: string[] = [];
  const readers = new Map<FileId, ReadonlySet<RouteName>>();
  simulation.journal.onRecord((record) => {
    if (record.kind !== 'file_fact' || record.event.kind !== 'source_to_remove') return;
    readers.set(record.file.id, new Set(simulation.loop().state.routes.keys()));
  });
  simulation.source.onDiscard((name, content) => broken.push(...unproven(simulation, readers, name, content)));
  return { broken: () => broken };
}

function unproven(simulation: Simulation, readers: ReadonlyMap<FileId, ReadonlySet<RouteName>>, name: string, content: Content): string[] {
  const files = simulation.files().filter(isCompleted);
  const owner = files.find(({ removal }) => removal?.hiddenAs === name);
  if (owner?.removal?.step !== 'removing') return [`1: ${name} was removed, and its intent is not in the journal`];
  const { value } = hashOf(content);
  return [...(readers.get(owner.id) ?? [])].flatMap((route) => {
    const isCopied = files.some((file) => file.route === route && file.source === owner.source && file.hash?.value === value);
    return isCopied ? [] : [`1: ${owner.source} was removed, and route ${route} has not copied these bytes`];
  });
}

/** 7: once nothing happens any more, no file has a hidden name. */
export function leftHidden({ source }: Simulation): string[] {
  return source.asides().map((name) => `7: ${name} is at the source, hidden`);
}

/** Mishaps that may happen while a file is being removed. */
const mishaps: readonly ((simulation: Simulation, chance: Prng, path: string, hiddenAs: string) => void)[] = [
  (simulation, chance) => {
    const { route } = chance.pick(simulation.fakeRoutes);
    if (simulation.environment().hasCrew(route)) simulation.environment().crew(route).remover.crash();
  },
  (simulation, chance) =>
    simulation.dieAt(simulation.commits() + chance.between(1, 3), chance.pick(['before_commit', 'after_commit', 'half_done'])),
  ({ source }, chance, path) => source.put(path, chance.between(1, 200_000)),
  ({ source }, chance, _, hiddenAs) => source.rewriteAside(hiddenAs, chance.between(1, 200_000)),
  ({ source }, chance, path) => source.refuse(path, chance.pick(['EACCES', 'EBUSY', 'EIO'])),
  ({ source }, _, path) => source.refuse(path, null),
];

/** The latest moment of a mishap after a step of a removal: somewhat more than `stable_after`. */
const mishapMs = 2_500;

/** Causes mishaps: a moment after half of the steps of removals. */
export function disturbRemovals(simulation: Simulation, chance: Prng): { end(): void } {
  let isOver = false;
  simulation.journal.onRecord((record) => {
    if (isOver || record.kind !== 'file_fact' || !isCompleted(record.file) || record.file.removal?.hiddenAs === undefined) return;
    if (!chance.chance(0.5)) return;
    const { source } = record.file;
    const { hiddenAs } = record.file.removal;
    simulation.clock.after(chance.pick([0, 3, 6, chance.between(0, mishapMs)]), () => {
      if (!isOver) chance.pick(mishaps)(simulation, chance, source, hiddenAs);
    });
  });
  return { end: () => void (isOver = true) };
}
