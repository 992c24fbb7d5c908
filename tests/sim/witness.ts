import type { FileEvent } from '@sluice/core';
import type { FileId, RouteName, TrackedFile } from '@sluice/core/model';
import { type FakeDestination, type FakeRoute, hashOf } from '@sluice/testkit';
import type { Simulation } from './simulate.ts';

/** Sees every record as it is committed, and says what was not true at that moment. */
export interface Witness {
  broken(): readonly string[];
  /** Somebody else puts a file there. */
  putForeign(destination: FakeDestination, name: string, sizeBytes: number, stamp?: string): void;
  /** Visible names that were journaled before they were made: of growing copies, claims, and marks of leftovers. */
  intended(route: RouteName): readonly string[];
  /** What strangers put, as it was. */
  strangers(destination: FakeDestination): readonly string[];
}

export function watch(simulation: Simulation): Witness {
  const broken: string[] = [];
  const born = new Set<FileId>();
  const intended = new Map<RouteName, string[]>();
  const strangers = new Map<FakeDestination, string[]>();
  const routeOf = (route: string): FakeRoute | undefined => simulation.fakeRoutes.find((fakeRoute) => fakeRoute.route === route);

  const nameTaken = (file: TrackedFile, taken: string): void => {
    const destination = routeOf(file.route)?.destination;
    const there = destination?.content(taken) ?? null;
    if (there === null) broken.push(`6: ${file.source} left the name ${taken}, which nobody has`);
    // What is being published may be older than what is at the source by now.
    const carried = file.status === 'VERIFYING' ? file.hash.value : hashOf(simulation.source.content(file.source)).value;
    const isGrowing = 'growing' in file && file.growing;
    if (there !== null && hashOf(there).value === carried && !isGrowing)
      broken.push(`6: ${file.source} left the name ${taken}, where its very bytes are`);
  };

  simulation.journal.onRecord((record) => {
    if (record.kind === 'transition' && record.from === null) {
      if (born.has(record.file.id)) broken.push(`5: the id ${record.file.id} is used twice`);
      born.add(record.file.id);
    }
    if (record.kind !== 'file_fact' && record.kind !== 'transition') return;
    if (record.kind === 'file_fact' && record.event.kind === 'name_taken') nameTaken(record.file, record.event.taken);
    const name = intendedBy(record);
    if (name !== null) intended.set(record.file.route, [...(intended.get(record.file.route) ?? []), name]);
  });

  return {
    broken: () => broken,
    intended: (route) => intended.get(route) ?? [],
    putForeign(destination, name, sizeBytes, stamp = 'foreign') {
      const before = new Set(destination.foreign());
      destination.putForeign(name, { sizeBytes, stamp });
      const added = destination.foreign().filter((stranger) => !before.has(stranger));
      strangers.set(destination, [...(strangers.get(destination) ?? []), ...added]);
    },
    strangers: (destination) => strangers.get(destination) ?? [],
  };
}

function intendedBy({ file, event }: { readonly file: TrackedFile; readonly event: FileEvent }): string | null {
  if (file.status === 'GROWING_COPY' && file.part === null) return file.destination;
  if (file.status === 'VERIFYING' && file.publishing.step === 'claim') return file.destination;
  return event.kind === 'leftover_to_mark' ? event.to : null;
}
