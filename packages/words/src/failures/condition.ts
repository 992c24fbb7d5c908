import type { Condition } from '@sluice/core';
import { unreachable } from '@sluice/core/model';
import { duration } from '../figures/duration.ts';
import { failureText } from './failure.ts';
import { findingText } from './finding.ts';
import { noRoomText } from './room.ts';
import { sourceAwayText } from './source.ts';

/** Returns what needs a person, for the log and for the command of `on_attention`. */
export function conditionText(condition: Condition): string {
  switch (condition.kind) {
    case 'file_stuck':
      return `${condition.source} needs you: it is still changing and cannot be copied yet; find out what writes to it`;
    case 'name_invalid':
      return `${condition.source} needs you: its name is not valid UTF-8; rename it at the source`;
    case 'failed_too_often':
      return `${condition.source}: ${failureText(condition.error, condition.destination).operator}`;
    case 'destination_offline':
      return `${findingText(condition).operator}; this has lasted ${duration(condition.forMs)}`;
    case 'source_away':
      return `${sourceAwayText(condition)}; this has lasted ${duration(condition.forMs)}`;
    case 'no_room':
      return `${noRoomText(condition.room)}; this has lasted ${duration(condition.forMs)}`;
    default:
      return unreachable(condition);
  }
}
