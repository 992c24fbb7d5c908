import { userInfo } from 'node:os';
import process from 'node:process';
import { CommandError, exitCode } from '@sluice/words';

/** Who gives an order, for the journal: the user, and where an SSH session comes from. */
export interface Giver {
  readonly user: string;
  readonly origin: string | null;
  readonly reason: string | null;
}

const maxReason = 1_000;
const maxName = 256;

/** @throws CommandError where the reason is longer than the journal keeps one */
export function giver(reason: string | undefined): Giver {
  if (reason !== undefined && reason.length > maxReason) {
    throw new CommandError(`--reason has ${reason.length} characters; at most ${maxReason} are kept`, exitCode.badUsage);
  }
  const origin = /^\S+/.exec(process.env['SSH_CONNECTION'] ?? '')?.[0].slice(0, maxName) ?? null;
  return { user: userName().slice(0, maxName), origin, reason: reason ?? null };
}

/** A user without an entry in the system's list has a number only. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
