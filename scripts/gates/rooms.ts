/** A package, and what it may import. */
export interface Room {
  readonly folder: string;
  /** What it contains, for ARCHITECTURE.md. */
  readonly holds: string;
  /** The packages that its sources import. Its tests may import `testkit` too. */
  readonly imports: readonly string[];
}

/**
 * Every package, from the lowest up: a package imports only packages that stand above it in this list. The table in
 * ARCHITECTURE.md and the boundaries in turbo.json are made from it (`npm run docs`). `check:imports` compares the imports and the
 * manifests with it.
 */
export const rooms: readonly Room[] = [
  {
    folder: 'packages/core',
    holds: 'every decision, and nothing else: states, events, effects, names, the gate of a destination. No I/O, no clock, no chance',
    imports: [],
  },
  {
    folder: 'packages/platform',
    holds:
      'what the operating system says: mounts, filesystem types, users, the machine, processes, how the program starts itself, how long it was awake',
    imports: [],
  },
  { folder: 'packages/lists', holds: 'sorted and filtered windows over many files, and their totals', imports: ['core'] },
  {
    folder: 'packages/testkit',
    holds: 'simulated clock, fake source, destination and carrier, conformance suites',
    imports: ['core'],
  },
  {
    folder: 'packages/child',
    holds: 'what all child processes share: start, heartbeat, abandon, how many may hang',
    imports: ['platform'],
  },
  {
    folder: 'packages/intake',
    holds: 'the source side, a child process: scan, watch, rules',
    imports: ['core', 'platform', 'child'],
  },
  {
    folder: 'packages/transport',
    holds: 'the destination side: the copy engine, the carrier process, the prober process',
    imports: ['core', 'platform', 'child'],
  },
  { folder: 'packages/persistence', holds: 'the journal on SQLite', imports: ['core', 'platform', 'lists'] },
  { folder: 'packages/config', holds: '`sluice.toml`: schema, load, explain, template', imports: ['core', 'platform'] },
  { folder: 'packages/lock', holds: 'which agent owns a state folder, and which owns a route', imports: ['platform'] },
  {
    folder: 'packages/control',
    holds: 'the control socket: protocol, client, server',
    imports: ['core', 'platform', 'lists', 'config', 'lock'],
  },
  {
    folder: 'packages/words',
    holds: 'every sentence a person reads: sizes, durations, lines of the commands, the tour; exit codes',
    imports: ['core', 'control'],
  },
  {
    folder: 'packages/audit',
    holds: 'what was copied is compared again: with the journal (`verify`), and with the source before it is cleared (`safe`)',
    imports: ['core', 'platform', 'child', 'intake', 'transport', 'persistence', 'words'],
  },
  {
    folder: 'packages/agent',
    holds: 'the loop, the child crews, what clients are served, the log',
    imports: ['core', 'platform', 'lists', 'child', 'intake', 'transport', 'persistence', 'config', 'lock', 'control', 'words', 'audit'],
  },
  {
    folder: 'packages/tui',
    holds: 'the screen: model, update, views, blessed, client',
    imports: ['core', 'platform', 'lists', 'config', 'control', 'words'],
  },
  { folder: 'packages/kit', holds: 'verification of an installation stick', imports: ['config', 'words'] },
  {
    folder: 'packages/service',
    holds: 'services of systemd, launchd and Windows, and the host program of the last',
    imports: ['platform', 'config', 'lock', 'control', 'words'],
  },
  {
    folder: 'apps/sluice',
    holds: '`main.ts`, the commands, the demo: composition and the command line',
    imports: ['core', 'platform', 'persistence', 'config', 'lock', 'control', 'words', 'audit', 'agent', 'tui', 'kit', 'service'],
  },
];

/** Returns the last part of a package's folder: its name without the scope, and its tag in turbo.json. */
export function nameOf({ folder }: Room): string {
  return folder.split('/').at(-1) ?? folder;
}

/** Returns the `boundaries.tags` of turbo.json: what a package may depend on, indirectly and in its tests too. */
export function boundaryTags(): Readonly<Record<string, { dependencies: { allow: readonly string[] } }>> {
  return Object.fromEntries(
    rooms.map((room) => {
      const name = nameOf(room);
      // The testkit uses core, so neither can use the testkit in its own tests.
      const own = name === 'core' || name === 'testkit' ? room.imports : [...room.imports, 'testkit'];
      // A tag must not have the name of a package.
      return [name === 'sluice' ? 'app' : name, { dependencies: { allow: [...reachable(own)].sort() } }];
    }),
  );
}

/** Returns packages with those that they depend on. @param names without the scope */
export function reachable(names: readonly string[]): ReadonlySet<string> {
  const below = names.flatMap((name) => [...reachable(rooms.find((room) => nameOf(room) === name)?.imports ?? [])]);
  return new Set([...names, ...below]);
}

/** Returns the table of packages for ARCHITECTURE.md. */
export function roomTable(): string {
  const rows = rooms.map(({ folder, holds, imports }) => `| \`${folder}\` | ${holds} | ${imports.join(', ') || 'nothing'} |`);
  return ['| room | what lives there | imports |', '| --- | --- | --- |', ...rows].join('\n');
}
