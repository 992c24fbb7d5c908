import type { FileJson } from '@sluice/control';
import { unreachable } from '@sluice/core/model';
import { selectedPast } from '../history/rows.ts';
import { limits } from '../limits.ts';
import type { Model } from '../model/model.ts';
import { isDetail, meantRoute, rangeBy, selectedFile, shownFrame } from '../selection/selected.ts';

export const always = (): boolean => true;
export const isHistory = ({ tab }: Model): boolean => tab === 'history';
export const isList = (model: Model): boolean => !isHistory(model);
export const isFile = (model: Model): boolean => selectedFile(model) !== null;
export const isSelected = (model: Model): boolean => isFile(model) || (isHistory(model) && selectedPast(model) !== null);
const isConnected = ({ link }: Model): boolean => link.kind === 'connected';
const mayGive = (model: Model): boolean => !model.isReadOnly && isConnected(model);
export const mayAct = (model: Model): boolean =>
  mayGive(model) && (isHistory(model) && !isDetail(model) ? hasLiveAttempt(model) : isLive(model));
export const mayHurry = (model: Model): boolean => mayAct(model) && !isMoving(selectedFile(model));
export const maySteer = (model: Model): boolean => mayGive(model) && meantRoute(model) !== null;
export const mayReach = (by: number) => (model: Model) => isHistory(model) && isConnected(model) && rangeBy(model, by) !== null;
export const mayBreak = ({ tour }: Model): boolean => tour?.isPlayed === true;
export const isWithoutAgent = ({ link, tour }: Model): boolean => tour === null && link.kind === 'lost' && link.cause === 'not_running';

/** Of what ended, only a failed file whose newest attempt is none of those that ended can still be acted on: by that attempt. */
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

/** Whether an order for the selected row of the list has something to act on: of a failed file its recovery has. */
function isLive(model: Model): boolean {
  const file = selectedFile(model);
  if (file === null || over.has(file.status)) return false;
  const recovery = knownFile(model, file.recoveredBy);
  return recovery === undefined || !over.has(recovery.status);
}

/** Of the list, or of the story that is open. */
function knownFile(model: Model, wanted: string | null): FileJson | undefined {
  const stories = model.dialogs.flatMap((dialog) => (dialog.kind === 'detail' ? (dialog.files ?? []) : []));
  return [...(shownFrame(model)?.rows.rows ?? []), ...stories].find(({ file: { id } }) => id === wanted)?.file;
}

function isMoving(file: Pick<FileJson, 'status'> | null): boolean {
  return file !== null && moving.has(file.status);
}

/** Why an order for a file cannot be given now; null where there is no file to give one for. */
export function whyNoOrder(model: Model): string | null {
  if (model.isReadOnly) return 'this screen gives no orders (--read-only)';
  if (!isConnected(model)) return 'no agent is connected, so it cannot get an order';
  const file = selectedFile(model);
  return file === null ? null : whyNotNow(file.status);
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
