/** A service manager. */
export type ServiceKind = 'systemd' | 'launchd' | 'task' | 'windows';

/** The settings of a service. */
export interface ServiceSettings {
  readonly kind: ServiceKind;
  /** For the whole machine, or for the user who installs it. */
  readonly scope: 'machine' | 'user';
  /** The program and what precedes its arguments; absolute. */
  readonly program: readonly [string, ...string[]];
  /** Absolute path of the configuration. */
  readonly config: string;
  /** Absolute path of the state folder. */
  readonly stateDir: string;
  /** The user that it runs as. Null: the user who installs it. */
  readonly user: string | null;
  /** The group whose members may watch and steer. Null: the configuration decides. */
  readonly group: string | null;
  /** A group that the user joins: only a member of a group can open a file to it. systemd only. */
  readonly joins: string | null;
  readonly stopAfterMs: number;
  /** systemd: its program `systemd-notify` is installed, by which the agent reports its state. */
  readonly notifies: boolean;
  /** Home of the user who installs it. */
  readonly home: string;
  readonly userId: number;
  readonly windows: WindowsFolders;
}

/** Folders of Windows. */
export interface WindowsFolders {
  readonly systemRoot: string;
  /** Folders that only administrators may write to. */
  readonly programFiles: readonly string[];
  readonly programData: string;
}

/** A file that a service manager reads. */
export interface ServiceFile {
  readonly path: string;
  readonly text: string;
  readonly encoding: 'utf8' | 'utf16le';
}

/** A command of the service manager. */
export interface ServiceStep {
  readonly argv: readonly [string, ...string[]];
  /** What the step does; an error message puts it after "cannot". */
  readonly what: string;
}

/** Everything needed to install, start and end a service of one kind, as data. */
export interface ServicePlan {
  readonly file: ServiceFile;
  /** A program that Sluice installs for a manager that cannot start Sluice itself. Null: none is needed. */
  readonly host: string | null;
  /** To run after the file was written. */
  readonly enable: readonly ServiceStep[];
  /** To run before the service works on a state folder for the first time. */
  readonly protect: readonly ServiceStep[];
  readonly start: readonly ServiceStep[];
  /** Changes nothing if the service runs, and fails if this user may not start it. */
  readonly mayStart?: ServiceStep;
  /** To run before the file is removed. */
  readonly disable: readonly ServiceStep[];
  readonly afterRemoval: readonly ServiceStep[];
  /** Ends with 0 if the service runs. */
  readonly isActive: ServiceStep;
  /** How a person reads the log. */
  readonly seeLog: string;
}

/** The name of the service, its user and its group. */
export const serviceName = 'sluice';

/** A mark in every file that Sluice writes for a service manager. It never replaces or removes a file without it. */
export const writtenBy = 'Written by "sluice service install"';

/** Returns the line that names the state folder of the agent. */
export function stateLine(stateDir: string): string {
  return `state folder: ${JSON.stringify(stateDir)}`;
}

/** Returns the state folder that such a line names, or null if a text has no such line. */
export function stateFolderOf(text: string): string | null {
  const [, quoted] = /state folder: ("(?:[^"\\]|\\.)*")/.exec(text) ?? [];
  return quoted === undefined ? null : (JSON.parse(quoted) as string);
}

/** Returns the command line that has the service read its configuration again. */
export function reloadArguments({ program, stateDir }: ServiceSettings): readonly string[] {
  return [...program, 'reload', '--state', stateDir];
}

/** Returns the command line of the service. */
export function runArguments({ program, config, stateDir, group }: ServiceSettings): readonly string[] {
  return [...program, 'run', '-c', config, '--state', stateDir, ...(group === null ? [] : ['--socket-group', group])];
}
