/** What a service manager has put into the environment (sd_notify(3), sd_watchdog_enabled(3)). */
export interface NotifyEnvironment {
  /** The value of `NOTIFY_SOCKET`: the path or the abstract name of a datagram socket. */
  readonly socket: string;
  /** How often the service manager expects a sign of life, milliseconds. Null: it expects none. */
  readonly watchdogMs: number | null;
}

type Variables = Record<string, string | undefined>;

/**
 * Takes the variables of the service manager out of the environment, so that no hook and no child inherits them.
 * @param pid of this process: a watchdog may be meant for another one
 * @returns null if no service manager listens
 */
export function takeNotifyEnvironment(env: Variables, pid: number): NotifyEnvironment | null {
  const { NOTIFY_SOCKET: socket = '', WATCHDOG_USEC: microseconds, WATCHDOG_PID: watched } = env;
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete env[name];
  if (!/^[/@]./.test(socket)) return null;
  const isMeant = watched === undefined || watched === String(pid);
  const watchdogMs = isMeant && /^[1-9]\d{0,15}$/.test(microseconds ?? '') ? Number(microseconds) / 1_000 : null;
  return { socket, watchdogMs };
}
