import type { Effect, Event } from '@sluice/core';
import type { RouteName, RouteSettings } from '@sluice/core/model';
import type { WindowSeat } from '../sharing/sharing.ts';

/** The first message to a carrier process. */
export interface CarrierInit {
  readonly route: RouteSettings;
  /** The windows shared with the carriers of other routes that have the same source; absent: none. */
  readonly windows?: WindowSeat | undefined;
}

/** The commands of a carrier. `read_back_fresh` must go to a new process, which has not made the copy. It may answer `source_moved`. */
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
  'remove_leftover',
] as const satisfies readonly Effect['kind'][];

/** A command to a carrier: one of core's effects, or other settings of its route. */
export type CarrierCommand = Extract<Effect, { kind: (typeof commandKinds)[number] }> | ConfigureCarrier;

/**
 * These settings are in force from now on. `max_rate`, its rows and the waits count for running copies, too; the others count for copies
 * that begin later.
 */
export interface ConfigureCarrier {
  readonly kind: 'configure';
  readonly route: RouteSettings;
}

/** A report of a carrier: one of core's events, or what its storages are. */
export type CarrierMessage =
  | Extract<Event, { kind: 'copy_reported' | 'parts_removed' | 'leftover_marked' | 'leftover_removed' }>
  | CarrierDisks;

/** Whether source and destination are both disks of this machine. Sent when a copy begins and this is new; at first they are not. */
export interface CarrierDisks {
  readonly kind: 'disks';
  readonly route: RouteName;
  readonly areOwn: boolean;
}

/** The channel to the agent. */
export interface CarrierChannel {
  /** Resolves when the message has been sent. */
  send(message: CarrierMessage): Promise<void>;
  isOpen(): boolean;
}
