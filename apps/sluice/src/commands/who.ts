import { userInfo } from 'node:os';
import process from 'node:process';

/** Who gives an order, for the journal: the user, and where an SSH session comes from. */
export interface Giver {
  readonly user: string;
  readonly origin: string | null;
  readonly reason: string | null;
}

export function giver(reason: string | undefined): Giver {
  const origin = /^\S+/.exec(process.env['SSH_CONNECTION'] ?? '')?.[0] ?? null;
  return { user: userName(), origin, reason: reason ?? null };
}

/** A user without an entry in the system's list has a number only. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
