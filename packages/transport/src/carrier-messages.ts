import type { CopyId, Effect, Event, FileId, RouteName, RouteSettings } from '@sluice/core';

/** What a carrier process is told when it starts. */
export interface CarrierInit {
  readonly route: RouteSettings;
}

/** What a carrier does: core's own effects, and one of the supervisor's. */
export type CarrierCommand = Extract<Effect, { kind: CarrierEffectKind }> | FollowAgain;

/** `read_back_fresh` must go to a NEW process that never saw the copy; it may also answer `source_moved`. */
export type CarrierEffectKind =
  | 'preflight'
  | 'copy'
  | 'read_back'
  | 'read_back_fresh'
  | 'publish'
  | 'withdraw'
  | 'give_up'
  | 'hash_source'
  | 'forget'
  | 'remove_parts';

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
