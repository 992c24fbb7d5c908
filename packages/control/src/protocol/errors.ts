/** No agent answers on any of the state folders that were tried. */
export class NotRunning extends Error {
  override readonly name = 'NotRunning';
  readonly exitCode = 3;
  /** In the order in which they were tried. */
  readonly stateDirs: readonly string[];

  constructor(stateDirs: readonly string[]) {
    super(`no agent is running (looked in ${stateDirs.join(', ')}): start one with "sluice start", or choose another folder with --state`);
    this.stateDirs = stateDirs;
  }
}

/** An agent may run there, but this user may not connect to it. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly exitCode = 3;
  readonly stateDir: string;
  /** Null: the system does not say. */
  readonly owner: string | null;

  constructor(stateDir: string, owner: string | null) {
    super(
      `the agent on ${stateDir} belongs to ${owner ?? 'another user'} and refuses this user: run the command as ${owner ?? 'that user'}, or set socket_group in its sluice.toml to a group that you are a member of`,
    );
    this.stateDir = stateDir;
    this.owner = owner;
  }
}

/** The agent did not answer in time; it may be stopped, or very busy. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
  readonly exitCode = 3;

  constructor(what: string, deadlineMs: number) {
    super(`the agent did not answer ${what} within ${deadlineMs / 1000} s; try again`);
  }
}

/** The connection ended before the answer came. */
export class Disconnected extends Error {
  override readonly name = 'Disconnected';
  readonly exitCode = 3;

  constructor(why: string) {
    super(`the agent closed the connection: ${why}`);
  }
}

/** The answer does not come from an agent, or from one that this program does not understand. */
export class Misunderstood extends Error {
  override readonly name = 'Misunderstood';
  readonly exitCode = 3;

  /** @param why which part of the answer is wrong */
  constructor(stateDir: string, what: string, why: string) {
    super(
      `this program does not understand the agent on ${stateDir}, which may be another version: the answer to ${what} is wrong at ${why.slice(0, 300)}`,
    );
  }
}

/** Why a request was refused. */
export type ControlErrorKind = 'unknown_method' | 'invalid' | 'not_found' | 'not_possible' | 'internal';

/** Every kind, for the check of a reply. */
const controlErrorKinds = {
  unknown_method: true,
  invalid: true,
  not_found: true,
  not_possible: true,
  internal: true,
} as const satisfies Record<ControlErrorKind, true>;

/** The agent refuses a request. Handlers throw it, and clients get it as a rejection. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly exitCode: number;
  readonly kind: ControlErrorKind;

  constructor(kind: ControlErrorKind, message: string) {
    super(message);
    this.kind = kind;
    this.exitCode = kind === 'invalid' ? 2 : 1;
  }
}

/** Returns the refusal that an answer carries (JSON-RPC's `error` object). Null: it is not a refusal by an agent. */
export function refusalOf({ message, data }: { readonly message?: unknown; readonly data?: unknown }): ControlError | null {
  const kind = (data as { readonly kind?: unknown } | null | undefined)?.kind;
  return isErrorKind(kind) ? new ControlError(kind, String(message)) : null;
}

function isErrorKind(kind: unknown): kind is ControlErrorKind {
  return typeof kind === 'string' && Object.hasOwn(controlErrorKinds, kind);
}
