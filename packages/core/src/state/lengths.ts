import type { CopyReport } from '../model/copy.ts';
import { codeOfReason, type FailureReason } from '../model/fault.ts';
import { limits } from '../model/limits.ts';
import { splitName, utf8Bytes } from '../policy/naming.ts';
import type { RouteState } from './route-state.ts';

/** Learns from a refused name or path how much the destination takes. */
export function learnLengths(route: RouteState, report: CopyReport): void {
  if (report.kind !== 'failed' || report.takenBytes === undefined) return;
  const { fault, takenBytes } = report;
  if (fault.code === 'PATH_TOO_LONG') {
    route.taken = { ...route.taken, pathBytes: takenBytes };
    return;
  }
  route.taken = { ...route.taken, nameBytes: takenBytes };
  route.nameBytes = Math.max(limits.minNameBytes, Math.min(limits.nameBytes, takenBytes));
}

/** What was learned of lengths and sizes may be over: another disk is meant, or an operator asks for another try. */
export function forgetLimits(route: RouteState): void {
  route.fileBytes = Number.POSITIVE_INFINITY;
  route.nameBytes = limits.nameBytes;
  route.taken = { nameBytes: null, pathBytes: null };
}

/** What a name may have that Sluice makes in the folder of this path: the whole path has to fit too. */
export function nameBytesFor(route: RouteState, path: string): number {
  const { pathBytes } = route.taken;
  if (pathBytes === null) return route.nameBytes;
  return Math.min(route.nameBytes, Math.max(limits.minPartBytes, pathBytes - utf8Bytes(splitName(path).folder)));
}

/** Whether a name is known not to fit, as a name or as a path. */
export function isKnownTooLong({ taken }: RouteState, destination: string): boolean {
  const { folder } = splitName(destination);
  const isLongName = taken.nameBytes !== null && utf8Bytes(destination.slice(folder.length)) > taken.nameBytes;
  return isLongName || isLongPath(taken.pathBytes, destination);
}

function isLongPath(pathBytes: number | null, destination: string): boolean {
  return pathBytes !== null && utf8Bytes(destination) > pathBytes;
}

const tooLongCodes: ReadonlySet<string> = new Set(['ENAMETOOLONG', 'FOLDER_TOO_LONG', 'PATH_TOO_LONG']);

/** Whether a name, or a whole path, was refused as too long. */
export function isTooLongCode(code: string): boolean {
  return tooLongCodes.has(code);
}

/** Whether the next attempt would be refused for the same length. A temporary name that was too long is shortened for it. */
export function staysTooLong(route: RouteState, reason: FailureReason, destination: string): boolean {
  if (reason.kind !== 'call' || reason.fault.side !== 'destination') return false;
  const code = codeOfReason(reason);
  return code === 'FOLDER_TOO_LONG' || (isTooLongCode(code) && isKnownTooLong(route, destination));
}

/** What the destination would answer to a path that is longer than it takes; null: it may take it. */
export function pathTooLong(route: RouteState, destination: string): string | null {
  const { pathBytes } = route.taken;
  if (!isLongPath(pathBytes, destination)) return null;
  return `the destination takes paths of up to ${pathBytes} bytes, this one has ${utf8Bytes(destination)}`;
}
