/** Bounds of the control socket. */
export interface ControlLimits {
  /** Bytes of one message to the agent. */
  readonly messageBytes: number;
  /** Bytes that may wait for a client that does not read. A client that exceeds this is dropped. */
  readonly waitingBytes: number;
  readonly clients: number;
  /** Clients of the agent's own user and of root, if a group has places too. */
  readonly ownerClients: number;
  /** Unanswered requests of one client. */
  readonly openRequests: number;
  /** Requests of one member of the group that are worked on at a time. Nothing more is read from the member meanwhile. */
  readonly memberRequests: number;
  /** The share of the agent's event loop for all members of the group together, once they have used `memberBurstMs`. */
  readonly memberShare: number;
  readonly memberBurstMs: number;
  /** How long a message may take from its first byte to its last. */
  readonly messageDeadlineMs: number;
  /** How long a client may take to send its first message. */
  readonly firstMessageMs: number;
  /** The time between two log lines about clients that were dropped or refused. */
  readonly troubleEveryMs: number;
  /** How long answers under way may take when the server closes. */
  readonly closeMs: number;
}

/** The default limits. */
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

/** Bytes of one reply. A reply may be larger than a request, because a client trusts the agent more than the agent trusts a client. */
export const replyBytes = 67_108_864;

/** UTF-16 units of the sentence that says why a request is refused. It may quote the request. */
export const refusalLength = 2_000;

/** UTF-16 units of the name that a member of the group gives. */
export const memberNameLength = 64;

/** Bytes of a message's header. */
export const headerBytes = 256;

/** Rows of one reply. A client that needs more requests the next page. */
export const rowsPerReply = 5000;

/** Times for which one reply has sums: a bar for each day, and the time before the first. */
export const sumsPerReply = 256;

/** UTF-16 units of a filter of the screen. */
export const filterLength = 256;

/** Sentences of one reply. */
export const notesPerReply = 200;
/** Records of the journal that are read for the sentences of one reply. Most records have none. */
export const recordsPerReply = 2000;

/** Bytes of a portable socket path: `sun_path` holds 104 to 108 bytes. */
export const socketPathBytes = 100;

/** How long a client waits for a reply by default. */
export const requestDeadlineMs = 10_000;

/** How long a new agent waits for a socket at its address to accept a connection, before that socket counts as in use. */
export const staleSocketMs = 1000;

/** How far two readings of the same moment may differ. */
export const sameMomentMs = 50;
