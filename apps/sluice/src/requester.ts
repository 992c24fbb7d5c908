import { isIP } from 'node:net';
import { userInfo } from 'node:os';
import process from 'node:process';
import { CommandError, exitCode } from '@sluice/words';
import { limits } from './limits.ts';

/** Who requests an action, for the journal: the user, and where an SSH session comes from. */
export interface Giver {
  readonly user: string;
  readonly origin: string | null;
  readonly reason: string | null;
}

/** Returns who requests an action. @throws CommandError if the reason is longer than the journal allows */
export function giver(reason: string | undefined): Giver {
  if (reason !== undefined && reason.length > limits.reasonLength) {
    throw new CommandError(`--reason has ${reason.length} characters; the journal takes at most ${limits.reasonLength}`, exitCode.badUsage);
  }
  return { user: userName().slice(0, limits.nameLength), origin: sshOrigin(process.env['SSH_CONNECTION']), reason: reason ?? null };
}

/**
 * Returns the address of an SSH client. Null: this is not an SSH session, or the variable was set to something else.
 *
 * @param connection `SSH_CONNECTION` of sshd(8): address and port of the client, address and port of the server
 */
export function sshOrigin(connection = ''): string | null {
  const [address = '', port = '', ...server] = connection.split(' ');
  const isConnection = isIP(address) !== 0 && /^\d{1,5}$/.test(port) && server.length === 2;
  return isConnection ? address : null;
}

/** A user without an entry in the system's list has only a number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
