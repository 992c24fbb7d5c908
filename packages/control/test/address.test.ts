import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { standardAddress } from '../src/protocol/address.ts';

test('standardAddress: on Windows a pipe, the same for every spelling of a state folder', () => {
  const address = standardAddress('D:\\State', 'win32');
  assert.match(address ?? '', /^\\\\\.\\pipe\\sluice-[0-9a-f]{16}$/);
  for (const same of ['d:\\state', 'D:/State/', '\\\\?\\D:\\State']) assert.is(standardAddress(same, 'win32'), address);
  for (const other of ['E:\\State', 'D:\\State2', '\\\\nas01\\State']) assert.is.not(standardAddress(other, 'win32'), address);
});

test.run();
