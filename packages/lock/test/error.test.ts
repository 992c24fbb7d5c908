import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AlreadyRunning, RouteTaken, StateFolderError, StateFolderMoved } from '../src/error.ts';

/** Every reason why an agent does not get its state folder or a route, and the exit code. */
const rows: readonly (readonly [error: Error & { readonly exitCode: number }, exitCode: number, text: string])[] = [
  [
    new AlreadyRunning('/var/lib/sluice', 4711),
    5,
    'an agent already runs on /var/lib/sluice (pid 4711): stop it with "sluice stop", or give --state another folder',
  ],
  [
    new AlreadyRunning('/var/lib/sluice', null),
    5,
    'an agent already runs on /var/lib/sluice: stop it with "sluice stop", or give --state another folder',
  ],
  [
    new RouteTaken('ingest', { pid: 4711, stateDir: '/var/lib/sluice' }),
    5,
    'route "ingest" is taken: the agent with pid 4711 and state folder /var/lib/sluice already copies from this source to this destination; stop it, or change the route',
  ],
  [
    new RouteTaken('ingest', { pid: null, stateDir: null }),
    5,
    'route "ingest" is taken: another agent already copies from this source to this destination; stop it, or change the route',
  ],
  [
    new StateFolderMoved('/var/lib/sluice', 'ingest1', false),
    2,
    'the state folder /var/lib/sluice was last used on the machine "ingest1". If it was moved here and no agent uses it there any more, give --moved; otherwise give --state a folder on this machine',
  ],
  [
    new StateFolderMoved('/var/lib/sluice', 'ingest1', true),
    2,
    'the state folder /var/lib/sluice was last used on the machine "ingest1", which has another id: this is another machine of that name, or the machine\'s id changed. If it was moved here and no agent uses it there any more, give --moved; otherwise give --state a folder on this machine',
  ],
  [
    new StateFolderError('/var/lib/sluice', 'it cannot be created (EACCES)'),
    2,
    'cannot use the state folder /var/lib/sluice: it cannot be created (EACCES)',
  ],
];

for (const [error, exitCode, text] of rows) {
  test(`${error.name}: ${text}`, () => assert.equal([error.message, error.exitCode], [text, exitCode]));
}

test.run();
