import { win32 } from 'node:path';
import { limits } from '../limits.ts';
import {
  runArguments,
  type ServicePlan,
  type ServiceSettings,
  type ServiceStep,
  stateLine,
  type WindowsFolders,
  writtenBy,
} from '../service.ts';

/** An account that Windows creates for the service alone, without a password. */
const ownAccount = 'NT SERVICE\\Sluice';
/** Accounts by number, because their names depend on the language. */
const [localSystem, administrators, users] = ['*S-1-5-18', '*S-1-5-32-544', '*S-1-5-32-545'] as const;

/**
 * Returns the plan of a Windows service. The service control manager starts a small program next to Sluice that speaks its
 * protocol. That program reads the file, and carries out all commands for the service.
 */
export function windowsPlan(settings: ServiceSettings): ServicePlan {
  const folder = win32.dirname(settings.program[0]);
  const host = win32.join(folder, 'sluice-service.exe');
  const ask = (verb: string, what: string): ServiceStep => ({ argv: [host, verb], what });
  return {
    file: { path: win32.join(folder, 'sluice-service.ini'), text: iniText(settings), encoding: 'utf16le' },
    host,
    enable: [ask('create', 'register the service with Windows'), mayRead(settings)],
    protect: lockSteps(settings),
    start: [ask('start', 'start the service')],
    disable: [ask('delete', 'stop and remove the service')],
    afterRemoval: [],
    isActive: ask('running', 'query the service'),
    seeLog: `${win32.join(settings.stateDir, 'sluice.log')}; for why it does not run: Event Viewer, Windows Logs, Application, source Sluice`,
  };
}

/** Returns the file of the host: lines end as on Windows, and it begins with a byte order mark. */
function iniText(settings: ServiceSettings): string {
  const lines = [
    `; ${writtenBy}; that command also removes it.`,
    `; ${stateLine(settings.stateDir)}`,
    `account=${windowsAccount(settings)}`,
    `stop_within_ms=${settings.stopAfterMs + limits.graceMs}`,
    `command=${commandLine([...runArguments(settings), '--until-stdin-closes'])}`,
  ];
  return `\ufeff${lines.join('\r\n')}\r\n`;
}

/** Returns the name of the account for Windows: a user of this machine gets the prefix `.\`. */
export function windowsAccount({ user }: Pick<ServiceSettings, 'user'>): string {
  if (user === null) return ownAccount;
  return /[\\@]/.test(user) || user.toLowerCase() === 'localsystem' ? user : `.\\${user}`;
}

/** Returns whether Windows needs a password for the account. Managed accounts end in a dollar sign. */
export function needsPassword({ user }: Pick<ServiceSettings, 'user'>): boolean {
  const account = windowsAccount({ user });
  return !/^(?:NT (?:SERVICE|AUTHORITY)\\.*|LocalSystem|.*\$)$/i.test(account);
}

/**
 * Returns steps after which only administrators and the service may write the configuration and the state, whoever created the
 * folder.
 */
function lockSteps(settings: ServiceSettings): readonly ServiceStep[] {
  const { config, stateDir, windows } = settings;
  const common = win32.join(windows.programData, 'Sluice');
  const isCommon = win32.dirname(config).toLowerCase() === common.toLowerCase();
  return [
    ...(isCommon ? locked(windows, common, `${users}:(OI)(CI)RX`) : []),
    ...locked(windows, stateDir, `${ownAccount}:(OI)(CI)M`),
    mayRead(settings),
  ];
}

/** The configuration may lie where only its owner can read. */
function mayRead({ windows, config }: ServiceSettings): ServiceStep {
  return icacls(windows, 'let the service read its configuration', config, '/grant', `${ownAccount}:R`);
}

/** Does not follow links (`/L`). The content inherits the rights. */
function locked(windows: WindowsFolders, folder: string, grant: string): readonly ServiceStep[] {
  const what = `keep other users out of ${folder}`;
  const full = [localSystem, administrators].map((who) => `${who}:(OI)(CI)F`);
  return [
    icacls(windows, what, folder, '/setowner', administrators, '/T', '/L'),
    icacls(windows, what, folder, '/reset', '/T', '/L'),
    icacls(windows, what, folder, '/inheritance:r', '/grant:r', ...full, grant),
  ];
}

function icacls({ systemRoot }: WindowsFolders, what: string, ...args: string[]): ServiceStep {
  return { argv: [win32.join(systemRoot, 'System32\\icacls.exe'), ...args, '/Q'], what };
}

/**
 * Returns a command line that `CommandLineToArgvW` and Node's runtime split into these words: backslashes before a quote are
 * doubled.
 */
export function commandLine(words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

function quoted(word: string): string {
  if (/^[^\s"]+$/.test(word)) return word;
  return `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, '$&$&')}"`;
}
