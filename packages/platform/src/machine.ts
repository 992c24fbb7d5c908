import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import process from 'node:process';
import { promisify } from 'node:util';
import { limits } from './limits.ts';

/** A machine, as its system identifies it. */
export interface Machine {
  readonly id: string;
  /** Its name, for people. */
  readonly name: string;
}

/**
 * Returns which machine this is: by `machine-id(5)` on Linux, the platform UUID on macOS, `MachineGuid` on Windows. machine-id(5)
 * forbids publishing the number itself, so the id is a hash of it and the program's name.
 * @returns null if the system does not say
 */
export async function thisMachine(platform: NodeJS.Platform = process.platform): Promise<Machine | null> {
  const number = await machineNumber(platform);
  if (number === null) return null;
  return { id: createHash('sha256').update(`sluice ${number}`).digest('hex').slice(0, 32), name: hostname() };
}

async function machineNumber(platform: NodeJS.Platform): Promise<string | null> {
  if (platform === 'linux') return (await firstLine('/etc/machine-id')) ?? (await firstLine('/var/lib/dbus/machine-id'));
  if (platform === 'darwin') return asked('/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice'], /"IOPlatformUUID" = "([^"]+)"/);
  if (platform === 'win32') {
    return asked('reg', ['query', 'HKLM\\SOFTWARE\\Microsoft\\Cryptography', '/v', 'MachineGuid'], /MachineGuid\s+REG_SZ\s+(\S+)/);
  }
  return null;
}

async function firstLine(file: string): Promise<string | null> {
  try {
    const line = (await readFile(file, 'utf8')).trim();
    // An image that was never started says `uninitialized`.
    return /^[0-9a-f]{32}$/.test(line) ? line : null;
  } catch {
    return null;
  }
}

async function asked(command: string, args: readonly string[], pattern: RegExp): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)(command, [...args], { timeout: limits.machineDeadlineMs, windowsHide: true });
    return pattern.exec(stdout)?.[1] ?? null;
  } catch {
    return null;
  }
}
