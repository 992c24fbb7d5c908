import type { ErrorKind } from '../model/fault.ts';

/** Codes that always mean a network error. Source: errno(3), and what libuv makes of Windows' codes. */
const networkCodes: ReadonlySet<string> = new Set([
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENOTCONN',
  'ECONNRESET',
  'ECONNABORTED',
  'ECONNREFUSED',
  'EPIPE',
  'ESHUTDOWN',
  'ETIMEDOUT',
  'ESTALE',
  'ENXIO',
  'ENODEV',
]);

/** Returns whether an error code means that the network or the destination is offline. */
export function isNetworkCode(code: string): boolean {
  return networkCodes.has(code);
}

/** Returns whether a code means that the destination has no room. No probe has to judge such an error. */
export function isFullCode(code: string): boolean {
  return code === 'ENOSPC' || code === 'EDQUOT';
}

const deniedCodes: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS']);

/**
 * Returns what an error of the destination means if a later probe is answered well.
 *
 * @param hasRoom false if `statfs` says that no space is left: behind sshfs a full disk is `EIO`
 */
export function kindWhileReachable(code: string, hasRoom: boolean): ErrorKind {
  if (isFullCode(code)) return 'destination_full';
  if (code === 'EIO' && !hasRoom) return 'destination_full';
  if (code === 'MISMATCH') return 'checksum_mismatch';
  return deniedCodes.has(code) ? 'destination_denied' : 'destination_error';
}

/** Returns what an error of the source means. */
export function kindOfSource(code: string): ErrorKind {
  return code === 'CHANGED' ? 'source_changed' : 'source_unreadable';
}
