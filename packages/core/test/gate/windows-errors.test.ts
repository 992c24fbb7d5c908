import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ErrorKind } from '../../src/model/fault.ts';
import { isFullCode, isNetworkCode, kindOfSource, kindWhileReachable } from '../../src/policy/error-codes.ts';

/**
 * Windows errors by number and name, the code to which libuv translates them (`uv_translate_sys_error` in its src/win/error.c),
 * and what Sluice concludes from that code at a destination: a network error in any case, or the kind of error if the next probe
 * is answered well.
 */
const errors: readonly (readonly [number: number, name: string, code: string, meaning: 'network' | ErrorKind])[] = [
  [2, 'FILE_NOT_FOUND', 'ENOENT', 'destination_error'],
  [3, 'PATH_NOT_FOUND', 'ENOENT', 'destination_error'],
  [4, 'TOO_MANY_OPEN_FILES', 'EMFILE', 'destination_error'],
  [5, 'ACCESS_DENIED', 'EPERM', 'destination_denied'],
  // The code of newer versions.
  [5, 'ACCESS_DENIED', 'EACCES', 'destination_denied'],
  [15, 'INVALID_DRIVE', 'ENOENT', 'destination_error'],
  [19, 'WRITE_PROTECT', 'EROFS', 'destination_denied'],
  [21, 'NOT_READY', 'UNKNOWN', 'destination_error'],
  [31, 'GEN_FAILURE', 'EIO', 'destination_error'],
  [32, 'SHARING_VIOLATION', 'EBUSY', 'destination_error'],
  [33, 'LOCK_VIOLATION', 'EBUSY', 'destination_error'],
  [39, 'HANDLE_DISK_FULL', 'ENOSPC', 'destination_full'],
  [51, 'REM_NOT_LIST', 'UNKNOWN', 'destination_error'],
  [53, 'BAD_NETPATH', 'UNKNOWN', 'destination_error'],
  [54, 'NETWORK_BUSY', 'UNKNOWN', 'destination_error'],
  [55, 'DEV_NOT_EXIST', 'UNKNOWN', 'destination_error'],
  [59, 'UNEXP_NET_ERR', 'UNKNOWN', 'destination_error'],
  [64, 'NETNAME_DELETED', 'ECONNRESET', 'network'],
  [65, 'NETWORK_ACCESS_DENIED', 'UNKNOWN', 'destination_error'],
  [67, 'BAD_NET_NAME', 'UNKNOWN', 'destination_error'],
  [112, 'DISK_FULL', 'ENOSPC', 'destination_full'],
  [121, 'SEM_TIMEOUT', 'ETIMEDOUT', 'network'],
  [123, 'INVALID_NAME', 'ENOENT', 'destination_error'],
  [206, 'FILENAME_EXCED_RANGE', 'ENAMETOOLONG', 'destination_error'],
  [995, 'OPERATION_ABORTED', 'ECANCELED', 'destination_error'],
  [1117, 'IO_DEVICE', 'EIO', 'destination_error'],
  [1225, 'CONNECTION_REFUSED', 'ECONNREFUSED', 'network'],
  [1231, 'NETWORK_UNREACHABLE', 'ENETUNREACH', 'network'],
  [1232, 'HOST_UNREACHABLE', 'EHOSTUNREACH', 'network'],
  [1236, 'CONNECTION_ABORTED', 'ECONNABORTED', 'network'],
  [1326, 'LOGON_FAILURE', 'UNKNOWN', 'destination_error'],
  [2250, 'NOT_CONNECTED', 'ENOTCONN', 'network'],
];

for (const [number, name, code, meaning] of errors) {
  test(`Windows' error ${number}, ${name}, as ${code}: ${meaning}`, () => {
    assert.is(isNetworkCode(code), meaning === 'network');
    assert.is(isFullCode(code), meaning === 'destination_full');
    assert.is(kindWhileReachable(code, true), meaning === 'network' ? 'destination_error' : meaning);
    assert.is(kindOfSource(code), 'source_unreadable');
  });
}

test.run();
