import path from 'node:path';
import { comparablePath } from '@sluice/platform';

/** A folder that the configuration names, or its metrics file, with its real path. */
export interface NamedFolder {
  readonly role: 'source' | 'destination' | 'archive_dir' | 'state_dir' | 'metrics_file';
  /** Null for the state folder and the metrics file. */
  readonly route: string | null;
  readonly given: string;
  /** Absolute, links followed. */
  readonly resolved: string;
  /** Which folder of which filesystem it is, the same for every mount that leads there. Null: the system does not say. */
  readonly place?: string | null;
  /** The mount of the folder. Null: the system lists no mounts. */
  readonly mountId?: number | null;
}

/** Two folders that must not overlap in this way; reported at the line of the second. */
export interface Overlap {
  readonly at: NamedFolder;
  readonly text: string;
}

/**
 * Finds folders that would make Sluice copy its own copies, or two routes overwrite each other's files. Two routes may read one
 * source, and the destination of one route may be the source of another.
 */
export function findOverlaps(folders: readonly NamedFolder[], platform: NodeJS.Platform): Overlap[] {
  const lies = relationOn(platform);
  const sources = folders.filter(({ role }) => role === 'source');
  const destinations = folders.filter(({ role }) => role === 'destination');
  return [
    ...sameRoute(sources, destinations, lies),
    ...insideSources(folders, sources, lies),
    ...metricsInDestinations(folders, destinations, lies),
    ...aroundOthers(folders, lies),
    ...otherMounts(folders, platform),
    ...twoWriters(destinations, lies),
    ...circles(sources, destinations, lies),
  ];
}

type Relation = 'same' | 'inside' | 'around' | 'apart';
type Relate = (a: NamedFolder, b: NamedFolder) => Relation;

function relationOn(platform: NodeJS.Platform): Relate {
  const flavour = platform === 'win32' ? path.win32 : path.posix;
  const plain = (folder: NamedFolder) => comparablePath(folder.resolved, platform);
  const isInside = (inner: string, outer: string) => inner.startsWith(outer.endsWith(flavour.sep) ? outer : outer + flavour.sep);
  const relate = (a: string, b: string): Relation => {
    if (a === b) return 'same';
    if (isInside(a, b)) return 'inside';
    return isInside(b, a) ? 'around' : 'apart';
  };
  return (a, b) => {
    const relation = relate(plain(a), plain(b));
    if (relation !== 'apart' || !a.place || !b.place) return relation;
    return relate(a.place, b.place);
  };
}

/** Returns whether two folders with different paths are the same, through a bind mount or a share that is mounted twice. */
function isMountedTwice(a: NamedFolder, b: NamedFolder): boolean {
  return a.resolved !== b.resolved && Boolean(a.place) && a.place === b.place;
}

function sameRoute(sources: readonly NamedFolder[], destinations: readonly NamedFolder[], lies: Relate): Overlap[] {
  return sources.flatMap((source) => {
    const destination = destinations.find(({ route }) => route === source.route);
    if (destination === undefined) return [];
    const relation = lies(source, destination);
    if (relation === 'same' && isMountedTwice(source, destination)) {
      const text = `source and destination of route "${source.route}" are the same folder: ${shown(destination)} and ${shown(source)} are mounted from the same place; give the route another destination`;
      return [{ at: destination, text }];
    }
    if (relation === 'same')
      return [
        {
          at: destination,
          text: `source and destination of route "${source.route}" are the same folder, ${shown(source)}; give the route another destination`,
        },
      ];
    if (relation === 'inside')
      return [
        { at: destination, text: `${named(source)} lies inside ${named(destination)}: choose folders that do not contain each other` },
      ];
    return [];
  });
}

/** Destinations, archives, the state folder and the metrics file: what Sluice writes must not lie in a folder that it watches. */
function insideSources(folders: readonly NamedFolder[], sources: readonly NamedFolder[], lies: Relate): Overlap[] {
  return folders.flatMap((folder) => {
    if (folder.role === 'source') return [];
    const source = sources.find((candidate) => {
      const relation = lies(folder, candidate);
      // A destination may be the whole source of another route.
      return relation === 'inside' || (relation === 'same' && folder.role !== 'destination');
    });
    if (source === undefined) return [];
    return [
      {
        at: folder,
        text: `${named(folder)} lies inside ${named(source)}: Sluice would copy what it writes there itself; choose a folder outside`,
      },
    ];
  });
}

/** The metrics file must not take the name of a copy. */
function metricsInDestinations(folders: readonly NamedFolder[], destinations: readonly NamedFolder[], lies: Relate): Overlap[] {
  return folders.flatMap((file) => {
    const destination = file.role === 'metrics_file' ? destinations.find((each) => lies(file, each) === 'inside') : undefined;
    if (destination === undefined) return [];
    return [{ at: file, text: `${named(file)} lies inside ${named(destination)}, where the copies are; choose a folder outside` }];
  });
}

/** An archive must not overlap with copies or the state folder, and must not contain a source. */
function aroundOthers(folders: readonly NamedFolder[], lies: Relate): Overlap[] {
  return folders.flatMap((archive) => {
    if (archive.role !== 'archive_dir') return [];
    const other = folders.find((candidate) => {
      if (candidate.role === 'archive_dir' || candidate.role === 'metrics_file') return false;
      const relation = lies(archive, candidate);
      return relation === 'around' || (candidate.role !== 'source' && relation !== 'apart');
    });
    if (other === undefined) return [];
    return [{ at: archive, text: `${named(archive)} and ${named(other)} contain each other: choose a separate folder for the archive` }];
  });
}

/** An archive must be on the mount of its source: files are moved into it by a rename, which no system does between two mounts. */
function otherMounts(folders: readonly NamedFolder[], platform: NodeJS.Platform): Overlap[] {
  return folders.flatMap((archive) => {
    if (archive.role !== 'archive_dir') return [];
    const source = folders.find(({ role, route }) => role === 'source' && route === archive.route);
    if (source === undefined || !isOnOtherMount(archive, source, platform)) return [];
    return [
      {
        at: archive,
        text: `${named(archive)} is on another filesystem or mount than ${named(source)}: Sluice moves source files there without copying them; choose a folder next to the source`,
      },
    ];
  });
}

function isOnOtherMount(a: NamedFolder, b: NamedFolder, platform: NodeJS.Platform): boolean {
  if (platform === 'win32') {
    const rootOf = ({ resolved }: NamedFolder) => path.win32.parse(comparablePath(resolved, platform)).root;
    return rootOf(a) !== rootOf(b);
  }
  const [mountA, mountB] = [a.mountId ?? null, b.mountId ?? null];
  return mountA !== null && mountB !== null && mountA !== mountB;
}

function twoWriters(destinations: readonly NamedFolder[], lies: Relate): Overlap[] {
  return destinations.flatMap((second, index) =>
    destinations.slice(0, index).flatMap((first) => {
      const relation = lies(second, first);
      if (relation === 'apart') return [];
      if (relation === 'same')
        return [
          {
            at: second,
            text: `routes "${first.route}" and "${second.route}" write to the same folder, ${shown(second)}: give each route its own`,
          },
        ];
      const [inner, outer] = relation === 'inside' ? [second, first] : [first, second];
      return [{ at: second, text: `${named(inner)} lies inside ${named(outer)}: give each route its own folder` }];
    }),
  );
}

/** A route leads to another if it writes into, or around, the source of that one. */
function circles(sources: readonly NamedFolder[], destinations: readonly NamedFolder[], lies: Relate): Overlap[] {
  const next = new Map(
    destinations.map((destination) => [
      destination.route,
      sources.filter((source) => source.route !== destination.route && lies(destination, source) !== 'apart').map(({ route }) => route),
    ]),
  );
  for (const { route } of destinations) {
    const circle = findCircle(route, next);
    const last = destinations.find((destination) => destination.route === circle?.at(-2));
    if (circle !== null && last !== undefined) {
      return [
        {
          at: last,
          text: `routes form a circle: ${circle.map((name) => `"${name}"`).join(' -> ')}; Sluice would copy the files forever. Give one of them another destination`,
        },
      ];
    }
  }
  return [];
}

/** Returns the path from a route back to itself, with both ends, or null. */
function findCircle(start: string | null, next: ReadonlyMap<string | null, readonly (string | null)[]>): (string | null)[] | null {
  const ways: (string | null)[][] = [[start]];
  const seen = new Set<string | null>();
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    for (const to of next.get(way.at(-1) ?? null) ?? []) {
      if (to === start) return [...way, to];
      if (!seen.has(to)) ways.push([...way, to]);
      seen.add(to);
    }
  }
  return null;
}

function named(folder: NamedFolder): string {
  if (folder.role === 'state_dir') return `the state folder ${shown(folder)}`;
  if (folder.role === 'metrics_file') return `the metrics file ${shown(folder)}`;
  return `the ${folder.role === 'archive_dir' ? 'archive' : folder.role} of route "${folder.route}" (${shown(folder)})`;
}

function shown({ given, resolved }: NamedFolder): string {
  return given === resolved ? given : `${given}, which is ${resolved}`;
}
