import type { Effect, Event } from '@sluice/core';
import type { RouteSettings } from '@sluice/core/model';
import type { WindowSeat } from '../sharing/sharing.ts';

/** The first message to a carrier process. */
export interface CarrierInit {
  readonly route: RouteSettings;
  /** What it shares with the carriers of other routes that have the same source. */
  readonly windows?: WindowSeat | undefined;
}

/** `read_back_fresh` must go to a NEW process that never saw the copy; it may also answer `source_moved`. */
const commandKinds = [
  'preflight',
  'copy',
  'read_back',
  'read_back_fresh',
  'follow_again',
  'publish',
  'withdraw',
  'give_up',
  'hash_source',
  'forget',
  'remove_parts',
  'mark_leftover',
] as const satisfies readonly Effect['kind'][];

/** What a carrier does: core's own effects. */
export type CarrierCommand = Extract<Effect, { kind: (typeof commandKinds)[number] }>;

/** What a carrier reports: core's own events. */
export type CarrierMessage = Extract<Event, { kind: 'copy_reported' | 'parts_removed' | 'leftover_marked' }>;

/** What the engine needs of the channel to the agent. */
export interface CarrierChannel {
  /** Resolves when the message is on its way. */
  send(message: CarrierMessage): Promise<void>;
  isOpen(): boolean;
}
