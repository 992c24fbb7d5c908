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
  const origin = /^\S+/.exec(process.env['SSH_CONNECTION'] ?? '')?.[0].slice(0, limits.nameLength) ?? null;
  return { user: userName().slice(0, limits.nameLength), origin, reason: reason ?? null };
}

/** A user without an entry in the system's list has only a number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
