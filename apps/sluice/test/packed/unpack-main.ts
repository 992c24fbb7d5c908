// One of many simultaneous first starts: reports that it is ready, and unpacks when its standard input has a line.
import process from 'node:process';
import { unpack } from '../../src/packed/unpack.ts';

const [folder = '', fill = '0'] = process.argv.slice(2);
process.stdin.once('data', () => process.stdout.write(unpack(folder, Buffer.alloc(3_000_000, fill), 'bin')));
process.stdout.write('ready');
