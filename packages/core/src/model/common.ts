import type { TrackedFile } from './file.ts';

/** What every state of a tracked file keeps: a record is made from it and what its new state adds. */
export type Common = Pick<
  TrackedFile,
  | 'id'
  | 'route'
  | 'source'
  | 'destination'
  | 'nameNumber'
  | 'nameValid'
  | 'nameReason'
  | 'fingerprint'
  | 'mode'
  | 'mayGrow'
  | 'attempt'
  | 'countedAttempts'
  | 'recoveryOf'
  | 'recoveredBy'
  | 'burned'
  | 'leftParts'
  | 'leftVisible'
  | 'toMark'
  | 'discoveredAt'
  | 'startedAt'
  | 'endedAt'
  | 'sourceGone'
>;

/** Leaves behind what only the old state knew. */
export function commonOf(file: TrackedFile): Common {
  return {
    id: file.id,
    route: file.route,
    source: file.source,
    destination: file.destination,
    nameNumber: file.nameNumber,
    nameValid: file.nameValid,
    nameReason: file.nameReason,
    fingerprint: file.fingerprint,
    mode: file.mode,
    mayGrow: file.mayGrow,
    attempt: file.attempt,
    countedAttempts: file.countedAttempts,
    recoveryOf: file.recoveryOf,
    recoveredBy: file.recoveredBy,
    burned: file.burned,
    leftParts: file.leftParts,
    leftVisible: file.leftVisible,
    toMark: file.toMark,
    discoveredAt: file.discoveredAt,
    startedAt: file.startedAt,
    endedAt: file.endedAt,
    sourceGone: file.sourceGone,
  };
}
