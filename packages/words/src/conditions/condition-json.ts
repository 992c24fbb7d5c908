import type { ConditionJson, ConditionKind } from '@sluice/control';
import type { AgentCondition, ConditionView, RouteCondition } from '@sluice/core';
import type { RouteTroubleName } from '@sluice/core/model';
import { duration } from '../figures/duration.ts';
import { conditionRemedy, conditionText } from './condition-text.ts';

/** The names of the conditions for scripts and hooks. */
export const conditionKinds: Readonly<Record<RouteTroubleName, ConditionKind>> = {
  wrong_disk: 'wrong_disk',
  destination: 'destination_offline',
  read_only: 'destination_read_only',
  source: 'source_away',
  room: 'destination_full',
  source_nearly_full: 'source_nearly_full',
  files_need_you: 'files_need_you',
  files_lost: 'files_lost',
  removal_failing: 'removal_failing',
};

/** The sentence for the end of each condition. */
const overWords: Readonly<Record<ConditionKind, string>> = {
  wrong_disk: 'the wrong disk is not at the destination any more',
  destination_offline: 'the destination answers again',
  destination_read_only: 'the destination is not read-only any more',
  destination_full: 'the destination has room for what waits',
  source_away: 'the source is available again',
  source_nearly_full: 'the source has enough free room again',
  files_need_you: 'no file needs you any more',
  files_lost: 'no vanished file is left to acknowledge',
  removal_failing: 'copied files can be removed at the source again',
  journal_not_writable: 'the journal can be written again',
  state_disk_nearly_full: 'the disk of the state folder has enough free room again',
};

/** Returns that a condition has ended: `over after 12 min: the source is available again`. */
export function overText(kind: ConditionKind, forMs: number): string {
  return `over after ${duration(forMs)}: ${overWords[kind]}`;
}

/** Returns a condition of a route, as scripts see it. */
export function conditionJson(route: string, { name, since, isCalled, condition }: ConditionView): ConditionJson {
  return { route, kind: conditionKinds[name], since, ...textsOf(condition, route), called: isCalled };
}

/** Returns a condition of the agent itself, as scripts see it. @param since RFC 3339 */
export function agentConditionJson(condition: AgentCondition, since: string, isCalled: boolean): ConditionJson {
  return { route: null, kind: condition.kind, since, ...textsOf(condition, null), called: isCalled };
}

function textsOf(condition: RouteCondition | AgentCondition, route: string | null): Pick<ConditionJson, 'files' | 'text' | 'remedy'> {
  const files = 'files' in condition ? condition.files : condition.kind === 'no_room' ? condition.room.files : null;
  return { files, text: conditionText(condition), remedy: conditionRemedy(condition, route) };
}

/** Returns a line of `status`: `ingest: the source is missing (ENOENT) …, since 12 min: mount the disk of the source`. */
export function conditionLine({ route, text, remedy, since }: ConditionJson, wall: number): string {
  const lastsFor = duration(wall - Date.parse(since));
  return `${route === null ? '' : `${route}: `}${text}, for ${lastsFor}: ${remedy}`;
}
