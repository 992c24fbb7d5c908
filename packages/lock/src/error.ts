/** An agent already runs on this state folder. */
export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning';
  readonly exitCode = 5;
  readonly stateDir: string;
  /** Null: its facts could not be read. */
  readonly pid: number | null;

  constructor(stateDir: string, pid: number | null) {
    super(
      `an agent already runs on ${stateDir}${pid === null ? '' : ` (pid ${pid})`}: stop it with "sluice stop", or give --state another folder`,
    );
    this.stateDir = stateDir;
    this.pid = pid;
  }
}

/** Another agent of this machine copies from the same source to the same destination. */
export class RouteTaken extends Error {
  override readonly name = 'RouteTaken';
  readonly exitCode = 5;
  readonly route: string;
  readonly pid: number | null;

  constructor(route: string, holder: { readonly pid: number | null; readonly stateDir: string | null }) {
    const who = holder.pid === null ? 'another agent' : `the agent with pid ${holder.pid}`;
    const where = holder.stateDir === null ? '' : ` and state folder ${holder.stateDir}`;
    super(`route "${route}" is taken: ${who}${where} already copies from this source to this destination; stop it, or change the route`);
    this.route = route;
    this.pid = holder.pid;
  }
}

/** The state folder was last used on another machine, and nobody has confirmed yet that it was moved. */
export class StateFolderMoved extends Error {
  override readonly name = 'StateFolderMoved';
  readonly exitCode = 2;

  /** @param hasSameName both machines have the same name, so the name does not distinguish them */
  constructor(stateDir: string, from: string, hasSameName: boolean) {
    const which = hasSameName ? ", which has another id: this is another machine of that name, or the machine's id changed" : '';
    super(
      `the state folder ${stateDir} was last used on the machine ${JSON.stringify(from)}${which}. If it was moved here and no agent uses it there any more, give --moved; otherwise give --state a folder on this machine`,
    );
  }
}

/** The state folder cannot be created, or this user cannot use it. */
export class StateFolderError extends Error {
  override readonly name = 'StateFolderError';
  readonly exitCode = 2;

  constructor(stateDir: string, why: string, cause?: unknown) {
    super(`cannot use the state folder ${stateDir}: ${why}`, { cause });
  }
}
