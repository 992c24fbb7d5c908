import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Disconnected, Misunderstood, NotRunning, Refused, TimedOut } from '../src/protocol/errors.ts';

/** Every message about an agent that does not answer properly, and the exit code of the command. */
const rows: readonly (readonly [error: Error & { readonly exitCode: number }, exitCode: number, text: string])[] = [
  [
    new NotRunning(['/var/lib/sluice', '/home/ann/.local/state/sluice']),
    3,
    'no agent is running (looked in /var/lib/sluice, /home/ann/.local/state/sluice): start one with "sluice start", or choose another folder with --state',
  ],
  [
    new Refused('/var/lib/sluice', 'sluice'),
    3,
    'the agent on /var/lib/sluice belongs to sluice and refuses this user: run the command as sluice, or set socket_group in its sluice.toml to a group that you are a member of',
  ],
  [
    new Refused('/var/lib/sluice', null),
    3,
    'the agent on /var/lib/sluice belongs to another user and refuses this user: run the command as that user, or set socket_group in its sluice.toml to a group that you are a member of',
  ],
  [new TimedOut('"status"', 2_000), 3, 'the agent did not answer "status" within 2 s; try again'],
  [new Disconnected('the agent is stopping'), 3, 'the agent closed the connection: the agent is stopping'],
  [
    new Misunderstood('/var/lib/sluice', '"files"', 'next: a page that was there already'),
    3,
    'this program does not understand the agent on /var/lib/sluice, which may be another version: the answer to "files" is wrong at next: a page that was there already',
  ],
];

for (const [error, exitCode, text] of rows) {
  test(`${error.name}: ${text}`, () => assert.equal([error.message, error.exitCode], [text, exitCode]));
}

test.run();
