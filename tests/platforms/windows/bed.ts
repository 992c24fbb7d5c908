import {
  constants,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeKit } from '../../../scripts/kit/make-kit.ts';
import { fileName } from '../../../scripts/package/targets.ts';
import { executables, wineTarget } from '../../../scripts/test/executables.ts';
import { builtOnce, type Ran } from '../../package/support.ts';
import { compileForWindows } from './program.ts';
import { asWindows, type Wine, wineIn } from './wine.ts';

const timeoutMs = 120_000;

/** The name of the executable for Windows. */
export const executableName = fileName(wineTarget);

/** Makes a kit with an executable for Windows that Wine can run. @returns its folder */
export async function windowsKit(dist: string, privateKey: string): Promise<string> {
  mkdirSync(dist, { recursive: true });
  copyFileSync(await builtOnce(executables.windows), join(dist, executableName), constants.COPYFILE_FICLONE);
  return (await makeKit({ dist, privateKey })).folder;
}

/** Wine's Windows with a separate drive, in which nothing is installed. */
export interface WindowsBed {
  readonly wine: Wine;
  /** Path of a program that plays `certutil.exe`, holds files, and is a service: `stand-in.c`. */
  readonly standIn: string;
  /** Where the program is installed for everybody, and in `users` for one user. */
  readonly everybodys: string;
  readonly users: string;
  /** Where the configuration and key of the machine are. */
  readonly machine: string;
  /** The user's own folders. */
  readonly profile: string;
  /** Runs a program or a script with the user's own folders. @param more further variables of its environment */
  run(program: string, args: readonly string[], more?: Readonly<Record<string, string>>): Ran;
  /** Runs the `install.cmd` of a stick as an administrator. */
  install(stick: string, args?: readonly string[], more?: Readonly<Record<string, string>>): Ran;
  /** Runs it as a user who may not write where programs for everybody are. */
  installAsUser(stick: string, args?: readonly string[], more?: Readonly<Record<string, string>>): Ran;
  /** Removes everything that is installed. */
  reset(): void;
}

/** Sets up a Windows. @param root a folder for it */
export async function windowsBed(root: string, path: string): Promise<WindowsBed> {
  const wine = wineIn(root, path, ['certutil.exe']);
  const drive = join(root, 'prefix/drive_c');
  const standIn = join(drive, 'windows/system32/certutil.exe');
  await compileForWindows(join(import.meta.dirname, 'stand-in.c'), standIn);
  const programs = join(drive, 'Program Files');
  const profile = join(root, "Ñandú O'Neil & Söhne (x) !^ 日本");
  const [everybodys, users, machine] = [join(programs, 'Sluice'), join(profile, 'AppData/Local/Sluice'), join(drive, 'ProgramData/Sluice')];
  // Wine takes these folders from its registry, whatever environment it is started with.
  const asProfile = join(root, 'as-profile.cmd');
  const folders = ['Local', 'Roaming'].map((name) => `@set "${name === 'Local' ? 'LOCAL' : ''}APPDATA=%BED_PROFILE%\\AppData\\${name}"`);
  writeFileSync(asProfile, [...folders, '@"%BED_PROGRAM%" %*', ''].join('\r\n'));
  const run: WindowsBed['run'] = (program, args, more = {}) => {
    const bed = { BED_PROFILE: asWindows(profile), BED_PROGRAM: asWindows(program) };
    return wine.runProgram(asWindows(asProfile), args, timeoutMs, { ...bed, ...more });
  };
  const install: WindowsBed['install'] = (stick, args = [], more = {}) => run(join(stick, 'install.cmd'), args, more);
  return {
    wine,
    standIn,
    everybodys,
    users,
    machine,
    profile,
    run,
    install,
    installAsUser: (...what) => withoutRight(programs, () => install(...what)),
    reset: () => {
      for (const folder of [everybodys, machine, profile]) rmSync(folder, { recursive: true, force: true });
      for (const name of ['Local', 'Roaming']) mkdirSync(join(profile, 'AppData', name), { recursive: true });
    },
  };
}

/** Runs `what` while not even root can create a folder in there. */
function withoutRight<T>(folder: string, what: () => T): T {
  renameSync(folder, `${folder}.kept`);
  symlinkSync('/proc/self', folder);
  try {
    return what();
  } finally {
    rmSync(folder);
    renameSync(`${folder}.kept`, folder);
  }
}

/**
 * Copies a kit to a folder with a difficult name. It has no percent sign, because Wine expands one in `%~dp0`, which Windows does
 * not.
 */
export function difficultStick(kit: string, root: string): string {
  const stick = join(mkdtempSync(join(root, "stick of O'Neill & Söhne (x) !y^ 日本 ")), 'sluice kit');
  cpSync(kit, stick, { recursive: true, mode: constants.COPYFILE_FICLONE });
  return stick;
}

/** Returns the executable of a stick. */
export function programOf(stick: string): Buffer {
  return readFileSync(join(stick, 'bin', executableName));
}

/** Returns the path of the program that is installed for everybody. */
export function installed({ everybodys }: WindowsBed): string {
  return join(everybodys, 'sluice.exe');
}

/** Installs an earlier program that runs like that of the stick. A text at its end makes its bytes differ. */
export function before(windows: WindowsBed, stick: string): void {
  mkdirSync(windows.everybodys, { recursive: true });
  writeFileSync(installed(windows), Buffer.concat([programOf(stick), Buffer.from('before')]));
}
