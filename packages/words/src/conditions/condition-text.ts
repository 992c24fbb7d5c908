import { type AgentCondition, amountBytes, type Condition } from '@sluice/core';
import { type DiskAmount, unreachable } from '@sluice/core/model';
import { failureText } from '../failures/failure.ts';
import { findingProblem, findingRemedy } from '../failures/finding.ts';
import { removalCauseText, removalRemedyText } from '../failures/removal-failure.ts';
import { noRoomText } from '../failures/space-shortage.ts';
import { sourceProblem, sourceRemedy } from '../failures/unavailable-source.ts';
import { duration } from '../figures/duration.ts';
import { sizeLong } from '../figures/figures.ts';

/** Any condition for which a person is called. */
export type AnyCondition = Condition | AgentCondition;

/** Returns the description of a condition, without its remedy, for the log, for `status` and for `on_attention`. */
export function conditionText(condition: AnyCondition): string {
  switch (condition.kind) {
    case 'file_stuck':
      return `${condition.source} needs you: it is still changing and cannot be copied yet`;
    case 'name_invalid':
      return `${condition.source} needs you: its name is not valid UTF-8`;
    case 'failed_too_often':
      return `${condition.source}: ${failureText(condition.error, condition.destination).operator}`;
    case 'file_lost':
      return `${condition.source} ${condition.isEmptied ? 'was emptied' : 'vanished'} at the source before it was copied`;
    case 'destination_offline':
      return `${findingProblem(condition).operator}${lasted(condition)}`;
    case 'source_away':
      return `${sourceProblem(condition)}${lasted(condition)}`;
    case 'no_room':
      return `${noRoomText(condition.room)}${lasted(condition)}`;
    case 'source_nearly_full':
      return `the source is nearly full: ${sizeLong(condition.freeBytes)} free, source_warn_below = ${amountText(condition.warnBelow)}${lasted(condition)}`;
    case 'files_need_you':
      return condition.files === 1
        ? `1 file needs you: ${condition.source}`
        : `${condition.files} files need you, such as ${condition.source}`;
    case 'files_lost':
      return condition.files === 1
        ? `${condition.source} vanished at the source before it was copied`
        : `${condition.files} files vanished at the source before they were copied, such as ${condition.source}`;
    case 'removal_failing':
      return condition.files === 1
        ? `${condition.source} was copied and cannot be removed at the source: ${removalCauseText(condition.code)}`
        : `${condition.files} copied files cannot be removed at the source, such as ${condition.source}: ${removalCauseText(condition.code)}`;
    case 'journal_not_writable':
      return `the journal cannot be written (${condition.code}): no copy starts or finishes until it can${lasted(condition)}`;
    case 'state_disk_nearly_full':
      return `the disk of the state folder ${condition.stateDir} is nearly full: ${sizeLong(condition.freeBytes)} free${lasted(condition)}`;
    default:
      return unreachable(condition);
  }
}

/** Returns the remedy: one sentence without a full stop. @param route null: the condition concerns the agent itself */
export function conditionRemedy(condition: AnyCondition, route: string | null): string {
  switch (condition.kind) {
    case 'file_stuck':
      return 'find the program that writes to it; if it records, lower growing.min_size or add its extension to growing.include';
    case 'name_invalid':
      return 'rename it at the source';
    case 'failed_too_often':
    case 'files_need_you':
      return 'run sluice show FILE, correct the cause that it names, then run sluice retry FILE';
    case 'file_lost':
    case 'files_lost':
      return 'find out what removed it, then run sluice acknowledge FILE, or --all';
    case 'destination_offline':
      return findingRemedy(condition, route) ?? 'bring the storage or the network back';
    case 'source_away':
      return sourceRemedy(condition, route);
    case 'no_room':
      return 'make room at the destination, or lower space.keep_free';
    case 'source_nearly_full':
      return 'make room at the source, or bring its destination online';
    case 'removal_failing':
      return removalRemedyText(condition.code, ', then run sluice retry FILE');
    case 'journal_not_writable':
      return 'make room on the disk of the state folder, or let Sluice write there';
    case 'state_disk_nearly_full':
      return 'make room on that disk: when it is full, nothing is copied';
    default:
      return unreachable(condition);
  }
}

function lasted({ forMs }: { readonly forMs: number }): string {
  return forMs === 0 ? '' : `; this has lasted ${duration(forMs)}`;
}

function amountText(amount: DiskAmount): string {
  return 'share' in amount ? `${Number((amount.share * 100).toPrecision(6))}%` : sizeLong(amountBytes(amount, null) ?? 0);
}
