// Plays another user in the tests of route locks: holds an abstract socket and answers with its arguments.
import net from 'node:net';
import process from 'node:process';

const [name = '', answer = '', user = ''] = process.argv.slice(2);
if (user !== '') process.setuid?.(Number(user));
net.createServer((socket) => socket.on('error', () => undefined).end(answer)).listen(`\0${name}`, () => process.stdout.write('held\n'));
