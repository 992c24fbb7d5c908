// group: package
// timeout: 240s
import { readdirSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type DemoStage, playedWithinMs, startDemo } from '../bed/demo-stage.ts';

const demos = suite<DemoStage>('demo');

demos.before.each((context) => {
  Object.assign(context, startDemo());
});
demos.after.each(({ remove }) => remove());

demos(
  'sluice demo: the tour runs on the screen, the user can break storage, and it ends with the verification',
  async ({ folder, pty, shows }) => {
    await shows(/TOUR 1\/6 {2}recorders/);
    assert.ok(pty.isAlternate());
    await shows(/TOUR 2\/6/);
    // The user cannot break the storage yet.
    assert.not.match(pty.text(), 'B break storage');
    await shows(/TOUR 3\/6 {2}the storage is offline/, playedWithinMs);
    await shows(/OFFLINE/);
    await shows(/cam-a\.mov +x FAILED +Network error at \d+%[^\n]*\n. `-cam-a_1\.mov +~ READY +Waiting for network/);
    await shows(/TOUR 4\/6 {2}the storage is back/, playedWithinMs);
    await shows(/`-cam-a_1\.mov +> COPYING/);
    await shows(/TOUR 6\/6 {2}every file is copied/, playedWithinMs);
    pty.child.write('B');
    await shows(/you took the storage away[^]*OFFLINE[^]*B storage back/);
    pty.child.write('B');
    await shows(/= ingest +online[^]*B break storage/);
    pty.child.write('N');
    await shows(/cam-e\.mxf +> COPYING/);
    pty.child.write('W');
    await shows(/Sluice writes nothing to it[^]*WRONG DISK[^]*a adopt/);
    pty.child.write('a');
    await shows(/of the last \d copied files, 0 are there/);
    pty.child.write('no\r');
    await shows(/Type ingest: no/);
    pty.child.write('\x1b');
    await pty.until(() => !pty.text().includes('Type ingest'), 'the question is gone', 20_000);
    assert.match(pty.text(), 'WRONG DISK');
    // The wrong disk is still mounted, and cam-e waits. Leaving restores everything.
    pty.child.write('q');
    await pty.until(() => !pty.isAlternate(), 'the screen is left', 20_000);
    assert.is(await pty.ended, 0);
    await shows(/the agent copied what was left/);
    const text = pty.text().replaceAll('\n', ' ');
    assert.match(text, /held +every file arrived, byte for byte \(5 of 5 identical\)/);
    assert.is(text.match(/held {2,}/g)?.length, 7, text);
    assert.equal(readdirSync(folder), []);
  },
);

demos.run();
