import type { ContentHash, CopyId, CopyOrder, Effect, Event, FileId, Fingerprint, RouteName, RouteSettings } from '@sluice/core';

/** What a carrier process is told when it starts. */
export interface CarrierInit {
  readonly route: RouteSettings;
}

/** What a carrier does: core's own effects, and two that the supervisor makes of `read_back` with `fresh`. */
export type CarrierCommand =
  | Extract<Effect, { kind: 'preflight' | 'copy' | 'read_back' | 'publish' | 'withdraw' | 'give_up' | 'forget' | 'remove_parts' }>
  | ReadBackFresh
  | FollowAgain;

/**
 * To a NEW process that never saw the copy: read the destination through the page cache. Answered by `verified`,
 * `source_moved` or `failed`.
 */
export interface ReadBackFresh {
  readonly kind: 'read_back_fresh';
  readonly order: CopyOrder;
  /** These three as `copied` reported them. */
  readonly hash: ContentHash;
  readonly sizeBytes: number;
  readonly fingerprint: Fingerprint;
}

/**
 * To the carrier that made the copy, after a fresh process reported `source_moved`: follow and settle again, up to the
 * next `copied`.
 */
export interface FollowAgain {
  readonly kind: 'follow_again';
  readonly route: RouteName;
  readonly fileId: FileId;
  readonly copyId: CopyId;
}

/** What a carrier tells: core's own events. */
export type CarrierMessage = Extract<Event, { kind: 'copy_reported' | 'parts_removed' }>;

/** What the engine needs of the channel to the agent. */
export interface CarrierChannel {
  /** Resolves when the message is on its way. */
  send(message: CarrierMessage): Promise<void>;
  isOpen(): boolean;
}
