/** Who keeps the agent running. */
export type ServiceKind = 'systemd' | 'launchd' | 'task' | 'windows';

/** What a service is made from. */
export interface ServiceSettings {
  readonly kind: ServiceKind;
  /** Of the machine, or of the user who installs it. */
  readonly scope: 'machine' | 'user';
  /** The program and what comes before its arguments; absolute. */
  readonly program: readonly [string, ...string[]];
  /** Absolute. */
  readonly config: string;
  /** Absolute. */
  readonly stateDir: string;
  /** Whom it runs as; null: the user who installs it. */
  readonly user: string | null;
  /** May watch and steer; null: what the configuration says. */
  readonly group: string | null;
  /** Beyond the user's own ones: who is not in a group cannot open anything to it. Of systemd. */
  readonly joins: string | null;
  readonly stopAfterMs: number;
  /** Of the user who installs it. */
  readonly home: string;
  readonly userId: number;
  readonly windows: WindowsFolders;
}

/** Folders that Windows has. */
export interface WindowsFolders {
  readonly systemRoot: string;
  /** Only administrators may write there. */
  readonly programFiles: readonly string[];
  readonly programData: string;
}

/** What a service manager reads. */
export interface ServiceFile {
  readonly path: string;
  readonly text: string;
  readonly encoding: 'utf8' | 'utf16le';
}

/** A command of the service manager. */
export interface ServiceStep {
  readonly argv: readonly [string, ...string[]];
  /** Follows on "cannot". */
  readonly what: string;
}

/** All that is needed to install, start and end a service of one kind. Pure. */
export interface ServicePlan {
  readonly file: ServiceFile;
  /** A program that Sluice puts there, for a manager that starts no other; null: it needs none. */
  readonly host: string | null;
  /** After the file was written. */
  readonly enable: readonly ServiceStep[];
  /** Before it works on a state folder for the first time. */
  readonly protect: readonly ServiceStep[];
  readonly start: readonly ServiceStep[];
  /** Changes nothing where it runs, and fails where this user may not start it. */
  readonly mayStart?: ServiceStep;
  /** Before the file is removed. */
  readonly disable: readonly ServiceStep[];
  readonly afterRemoval: readonly ServiceStep[];
  /** Ends with 0 where it runs. */
  readonly isActive: ServiceStep;
  /** For a person. */
  readonly seeLog: string;
}

/** The name of the service, and of its user and group. */
export const serviceName = 'sluice';

/** In every file that Sluice writes for a service manager; it never replaces or removes one without. */
export const writtenBy = 'Written by "sluice service install"';

/** How a file says which state folder its agent works on. */
export function stateLine(stateDir: string): string {
  return `state folder: ${JSON.stringify(stateDir)}`;
}

/** The other way: the state folder that such a line names; null: there is none in a text. */
export function stateFolderOf(text: string): string | null {
  const [, quoted] = /state folder: ("(?:[^"\\]|\\.)*")/.exec(text) ?? [];
  return quoted === undefined ? null : (JSON.parse(quoted) as string);
}

/** What the service runs. */
export function runArguments({ program, config, stateDir, group }: ServiceSettings): readonly string[] {
  return [...program, 'run', '-c', config, '--state', stateDir, ...(group === null ? [] : ['--socket-group', group])];
}
