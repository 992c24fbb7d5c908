// timeout: 240s
// alone: it measures promised times
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath, kill } from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Pty } from '../../apps/sluice/test/screen/blessed/pty.ts';

const main = join(import.meta.dirname, '../../apps/sluice/src/main.ts');
const command = [execPath, '--disable-warning=ExperimentalWarning', main, 'demo', '--seconds', '12'];
/** The tour is played at the pace of a reader. */
const playedWithinMs = 120_000;

const demos = suite<{ folder: string; pty: Pty }>('demo');

demos.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'demo-'));
});
demos.after.each(({ folder, pty }) => {
  pty.end();
  rmSync(folder, { recursive: true, force: true });
});

function start(context: { folder: string; pty: Pty }, env: Readonly<Record<string, string>> = {}): Pty {
  context.pty = new Pty(command, { TMPDIR: context.folder, ...env }, 110, 34);
  return context.pty;
}

async function shows(pty: Pty, pattern: RegExp, withinMs = 20_000): Promise<void> {
  await pty.until(() => pattern.test(pty.text()), String(pattern), withinMs);
}

demos('sluice demo: the tour is played on the screen, is played with, and ends with the proof', async (context) => {
  const pty = start(context);
  await shows(pty, /TOUR 1\/6 {2}recorders/);
  assert.ok(pty.isAlternate());
  await shows(pty, /TOUR 2\/6/);
  // The storage is not the guest's yet.
  assert.not.match(pty.text(), 'B break storage');
  await shows(pty, /TOUR 3\/6 {2}the storage is gone/, playedWithinMs);
  await shows(pty, /OFFLINE/);
  await shows(pty, /cam-a\.mov +x FAILED +Network error at \d+%[^\n]*\n. `-cam-a_1\.mov +~ READY +Waiting for network/);
  await shows(pty, /TOUR 4\/6 {2}the storage is back/, playedWithinMs);
  await shows(pty, /`-cam-a_1\.mov +> COPYING/);
  await shows(pty, /TOUR 6\/6 {2}every file is carried/, playedWithinMs);
  pty.child.write('B');
  await shows(pty, /you took the storage away[^]*OFFLINE[^]*B storage back/);
  pty.child.write('B');
  await shows(pty, /= ingest +online[^]*B break storage/);
  pty.child.write('N');
  await shows(pty, /cam-e\.mxf +> COPYING/);
  pty.child.write('W');
  await shows(pty, /the disk of somebody else[^]*WRONG DISK[^]*a adopt/);
  pty.child.write('a');
  await shows(pty, /of the last \d files carried 0 are there/);
  pty.child.write('no\r');
  await shows(pty, /Type ingest: no/);
  pty.child.write('\x1b');
  await pty.until(() => !pty.text().includes('Type ingest'), 'the question is gone', 20_000);
  assert.match(pty.text(), 'WRONG DISK');
  // The wrong one is still in, and cam-e waits: leaving puts all in order.
  pty.child.write('q');
  await pty.until(() => !pty.isAlternate(), 'the screen is left', 20_000);
  assert.is(await pty.ended, 0);
  await shows(pty, /the agent carried what was left/);
  const told = pty.text().replaceAll('\n', ' ');
  assert.match(told, /held +every file arrived, byte for byte \(5 of 5 identical\)/);
  assert.is(told.match(/held {2,}/g)?.length, 7, told);
  assert.equal(readdirSync(context.folder), []);
});

demos('sluice demo: who leaves early gets the bytes proven, and is told what was not shown', async (context) => {
  const pty = start(context);
  await shows(pty, /cam-b\.wav += DONE/);
  pty.child.write('q');
  assert.is(await pty.ended, 0);
  const told = pty.text().replaceAll('\n', ' ');
  assert.match(told, /held +every file arrived, byte for byte \((\d) of \1 identical\)/);
  assert.match(told, /not shown +the outage failed the running copies, cleanly \(the tour was left before\)/);
  assert.equal(readdirSync(context.folder), []);
});

demos('sluice demo: who leaves in the middle of the outage breaks no promise by it', async (context) => {
  const pty = start(context);
  await shows(pty, /`-cam-a_1\.mov +~ READY/, playedWithinMs);
  pty.child.write('q');
  assert.is(await pty.ended, 0);
  const told = pty.text().replaceAll('\n', ' ');
  assert.match(told, /held +the outage failed the running copies, cleanly \([12] failed/);
  assert.not.match(told, 'BROKEN');
  assert.equal(readdirSync(context.folder), []);
});

for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  demos(`sluice demo: ${signal} ends it, exit code ${code}, and nothing is left`, async (context) => {
    const pty = start(context);
    await shows(pty, /TOUR 2\/6/);
    kill(pty.child.pid, signal);
    assert.is(await pty.ended, code);
    assert.not(pty.isAlternate());
    assert.equal(readdirSync(context.folder), []);
  });
}

demos('sluice demo: a terminal that shows no screen gets the tour in lines; Ctrl-C ends that, and nothing is left', async (context) => {
  const pty = start(context, { TERM: 'dumb' });
  await shows(pty, /three recorders write into/);
  await shows(pty, /the storage goes away while/);
  pty.child.write('\x03');
  assert.is(await pty.ended, 130);
  assert.equal(readdirSync(context.folder), []);
});

demos.run();
