import type { FileJson } from '@sluice/control';
import { unreachable } from '@sluice/core/model';
import { selectedPast } from '../history/rows.ts';
import { limits } from '../limits.ts';
import type { Model } from '../model/model.ts';
import { shownFrame } from '../model/shown.ts';
import { isDetail, lostRoute, meantRoute, rangeBy, selectedFile } from '../selection/selected.ts';

/** A key that is always valid. */
export const always = (): boolean => true;
/** Returns whether the history is shown. */
export const isHistory = ({ tab }: Model): boolean => tab === 'history';
/** Returns whether the list is shown. */
export const isList = (model: Model): boolean => !isHistory(model);
/** Returns whether a file is selected. */
export const isFile = (model: Model): boolean => selectedFile(model) !== null;
/** Returns whether a file or an outage is selected. */
export const isSelected = (model: Model): boolean => isFile(model) || (isHistory(model) && selectedPast(model) !== null);
const isConnected = ({ link }: Model): boolean => link.kind === 'connected';
const mayGive = (model: Model): boolean => !model.isReadOnly && isConnected(model);
/** Returns whether an action on the selected file is possible. */
export const mayAct = (model: Model): boolean =>
  mayGive(model) && (isHistory(model) && !isDetail(model) ? hasLiveAttempt(model) : isLive(model));
/** Returns whether the selected file can be moved to the front. */
export const mayHurry = (model: Model): boolean => mayAct(model) && !isMoving(selectedFile(model));
/** Returns whether the selected file can be tried again: its copy, or the failed removal of its source. */
export const mayRetry = (model: Model): boolean =>
  mayHurry(model) || (mayGive(model) && selectedFile(model)?.status === 'COMPLETED_DELETE_FAILED');
/** Returns whether an action on a route is possible. */
export const maySteer = (model: Model): boolean => mayGive(model) && meantRoute(model) !== null;
/** Returns whether there are lost files, which vanished before they were copied and were not acknowledged. */
export const mayAcknowledge = (model: Model): boolean => mayGive(model) && lostRoute(model) !== null;
/** Returns whether the history has a longer or shorter range. */
export const mayReach = (by: number) => (model: Model) => isHistory(model) && isConnected(model) && rangeBy(model, by) !== null;
/** Returns whether the user of a tour may break the storage now. */
export const mayBreak = ({ tour }: Model): boolean => tour?.isPlayed === true;
/** Returns whether no agent runs, outside a tour. */
export const isWithoutAgent = ({ link, tour }: Model): boolean => tour === null && link.kind === 'lost' && link.cause === 'not_running';

/** Of the ended files, an action is possible only on a failed one whose newest attempt has not ended, through that attempt. */
function hasLiveAttempt(model: Model): boolean {
  let file = selectedFile(model);
  for (let steps = 0; file !== null && steps < limits.lineageSteps; steps += 1) {
    if (file.status !== 'FAILED' || file.recoveredBy === null) return false;
    const { recoveredBy } = file;
    const next = model.history.files.find(({ id }) => id === recoveredBy);
    if (next === undefined) return true;
    file = next;
  }
  return false;
}

type Status = FileJson['status'];
const over: ReadonlySet<Status> = new Set<Status>(['COMPLETED', 'COMPLETED_DELETE_FAILED', 'REMOVED']);
const moving: ReadonlySet<Status> = new Set<Status>(['COPYING', 'GROWING_COPY', 'VERIFYING']);

/** Returns whether an action on the selected row of the list has a target. For a failed file that is its recovery. */
function isLive(model: Model): boolean {
  const file = selectedFile(model);
  if (file === null || over.has(file.status)) return false;
  const recovery = knownFile(model, file.recoveredBy);
  return recovery === undefined || !over.has(recovery.status);
}

/** Returns a file of the list, or of the open detail. */
function knownFile(model: Model, wanted: string | null): FileJson | undefined {
  const stories = model.dialogs.flatMap((dialog) => (dialog.kind === 'detail' ? (dialog.files ?? []) : []));
  return [...(shownFrame(model)?.rows.rows ?? []), ...stories].find(({ file: { id } }) => id === wanted)?.file;
}

function isMoving(file: Pick<FileJson, 'status'> | null): boolean {
  return file !== null && moving.has(file.status);
}

/** Returns why an action on a file is not possible now, or null if there is no file for one. */
export function whyNoOrder(model: Model): string | null {
  if (model.isReadOnly) return 'this screen gives no orders (--read-only)';
  if (!isConnected(model)) return 'no agent is connected, so it cannot get an order';
  const file = selectedFile(model);
  return file === null ? null : whyNotNow(file.status);
}

/** Returns why there is nothing to acknowledge. */
export function whyNothingLost(model: Model): string {
  if (model.isReadOnly || !isConnected(model)) return whyNoOrder(model) ?? '';
  return 'no file is lost, so there is nothing to acknowledge';
}

function whyNotNow(status: Status): string {
  switch (status) {
    case 'COMPLETED':
    case 'COMPLETED_DELETE_FAILED':
      return 'this file is copied already';
    case 'REMOVED':
      return 'this file was removed at the source';
    case 'FAILED':
      return 'this attempt is over, and a later one copied the file';
    case 'COPYING':
    case 'GROWING_COPY':
    case 'VERIFYING':
      return 'this file is being copied now';
    case 'DISCOVERED':
    case 'GROWING':
    case 'READY':
    case 'WAITING_FOR_NETWORK':
    case 'WAITING_FOR_SPACE':
    case 'IN_QUEUE':
      return 'this order has no effect on this file now';
    default:
      return unreachable(status);
  }
}
