import type { ServiceSettings } from '../src/service.ts';

/** The service of a whole machine under systemd. */
export const machine: ServiceSettings = {
  kind: 'systemd',
  scope: 'machine',
  program: ['/usr/local/bin/sluice'],
  config: '/etc/sluice/sluice.toml',
  stateDir: '/var/lib/sluice',
  user: 'sluice',
  group: 'sluice',
  joins: null,
  stopAfterMs: 10_000,
  notifies: true,
  home: '/home/ann',
  userId: 1000,
  windows: { systemRoot: 'C:\\Windows', programFiles: ['C:\\Program Files'], programData: 'C:\\ProgramData' },
};

/** The same service on Windows. */
export const onWindows: ServiceSettings = {
  ...machine,
  kind: 'windows',
  program: ['C:\\Program Files\\Sluice\\sluice.exe'],
  config: 'C:\\ProgramData\\Sluice\\sluice.toml',
  stateDir: 'C:\\ProgramData\\Sluice\\state',
  user: null,
  group: null,
};

/** Paths with everything that a unit or a shell could misread. */
export const odd = { program: ['/opt/a b/"q"\\x $HOME 100%/sluice'], config: '/e $t/c.toml' } as const satisfies Partial<ServiceSettings>;
