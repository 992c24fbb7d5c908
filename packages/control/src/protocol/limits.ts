/** Every bound of the control socket. */
export interface ControlLimits {
  /** Of one message to the agent. */
  readonly messageBytes: number;
  /** What may wait for a client that does not read, before it is dropped. */
  readonly waitingBytes: number;
  readonly clients: number;
  /** Clients of the agent's own user and of root, where a group has places too. */
  readonly ownerClients: number;
  /** Requests of one client that are not answered yet. */
  readonly openRequests: number;
  /** Requests of one member of the group that are worked on; no more is read of it meanwhile. */
  readonly memberRequests: number;
  /** Of the agent's event loop, what all members of the group may use together, when they have used up what they may use at once. */
  readonly memberShare: number;
  readonly memberBurstMs: number;
  /** A message that was begun must be complete by then. */
  readonly messageDeadlineMs: number;
  /** A client must have sent its first message by then. */
  readonly firstMessageMs: number;
  /** Between two log lines about clients that were dropped or turned away. */
  readonly troubleEveryMs: number;
  /** How long answers under way are given when the server closes. */
  readonly closeMs: number;
}

export const controlLimits: ControlLimits = {
  messageBytes: 1_048_576,
  waitingBytes: 8_388_608,
  clients: 32,
  ownerClients: 8,
  openRequests: 64,
  memberRequests: 8,
  memberShare: 0.25,
  memberBurstMs: 250,
  messageDeadlineMs: 10_000,
  firstMessageMs: 10_000,
  troubleEveryMs: 60_000,
  closeMs: 500,
};

/** A reply may be larger than a request; the agent is trusted further than its clients. */
export const replyBytes = 67_108_864;

/** Of the sentence that says why a request is refused, UTF-16 units: it may quote what was asked. */
export const refusalLength = 2_000;

/** Of the name that a member of the group gives, UTF-16 units. */
export const memberNameLength = 64;

/** A message's header is one line. */
export const headerBytes = 256;

/** Rows of one reply; a client that wants more asks for the next page. */
export const rowsPerReply = 5000;

/** Times of which one reply has a sum: a bar for each day, and a time before the first. */
export const sumsPerReply = 256;

/** Of a filter of the screen, UTF-16 units. */
export const filterLength = 256;

/** Sentences of one reply, and records of the journal that are read for them: most say nothing to an operator. */
export const notesPerReply = 200;
export const recordsPerReply = 2000;

/** A socket path beyond this is not portable: `sun_path` holds 104 to 108 bytes. */
export const socketPathBytes = 100;

/** A client waits so long for the answer to a request, where it does not say otherwise. */
export const requestDeadlineMs = 10_000;

/** What lies at the address of a new agent is given so long to accept a connection; then it counts as alive. */
export const staleSocketMs = 1000;

/** How far two readings of one moment may lie apart. */
export const sameMomentMs = 50;
