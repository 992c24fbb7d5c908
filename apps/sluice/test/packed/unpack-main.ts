import process from 'node:process';
import { unpack } from '../../src/packed/unpack.ts';

const [folder = '', fill = '0', startAt = '0'] = process.argv.slice(2);
// All at the same moment, as near as a clock gets.
while (Date.now() < Number(startAt));
process.stdout.write(unpack(folder, Buffer.alloc(3_000_000, fill), 'bin'));
