// group: package
import { readdirSync } from 'node:fs';
import { kill } from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type DemoStage, playedWithinMs, startDemo } from '../bed/demo-stage.ts';

/** Demos of a test, all removed after it. */
const demos = suite<{ stages: DemoStage[] }>('leaving the demo');

demos.before.each((context) => {
  context.stages = [];
});
demos.after.each(({ stages }) => {
  for (const stage of stages) stage.remove();
});

function start({ stages }: { stages: DemoStage[] }, env: Readonly<Record<string, string>> = {}): DemoStage {
  const stage = startDemo(env);
  stages.push(stage);
  return stage;
}

demos('sluice demo: after leaving early, the bytes are verified, and the end says what was not shown', async (context) => {
  const { folder, pty, shows } = start(context);
  await shows(/cam-b\.wav += DONE/);
  pty.child.write('q');
  assert.is(await pty.ended, 0);
  const text = pty.text().replaceAll('\n', ' ');
  assert.match(text, /held +every file arrived, byte for byte \((\d) of \1 identical\)/);
  assert.match(text, /not shown +the outage failed the running copies cleanly \(the tour ended before\)/);
  assert.equal(readdirSync(folder), []);
});

demos('sluice demo: leaving in the middle of the outage breaks no promise', async (context) => {
  const { folder, pty, shows } = start(context);
  await shows(/`-cam-a_1\.mov +~ READY/, playedWithinMs);
  pty.child.write('q');
  assert.is(await pty.ended, 0);
  const text = pty.text().replaceAll('\n', ' ');
  assert.match(text, /held +the outage failed the running copies cleanly \([12] failed/);
  assert.not.match(text, 'BROKEN');
  assert.equal(readdirSync(folder), []);
});

demos('sluice demo: SIGTERM and SIGHUP end it with exit codes 143 and 129, and nothing is left', async (context) => {
  const endWith = async (signal: NodeJS.Signals, code: number): Promise<void> => {
    const { folder, pty, shows } = start(context);
    await shows(/TOUR 2\/6/);
    kill(pty.child.pid, signal);
    assert.is(await pty.ended, code, signal);
    assert.not(pty.isAlternate(), signal);
    assert.equal(readdirSync(folder), [], signal);
  };
  await Promise.all([endWith('SIGTERM', 143), endWith('SIGHUP', 129)]);
});

demos(
  'sluice demo: a terminal that cannot show the screen gets the tour in lines; Ctrl-C ends it, and nothing is left',
  async (context) => {
    const { folder, pty, shows } = start(context, { TERM: 'dumb' });
    await shows(/three recorders write into/);
    await shows(/the storage goes offline while/);
    pty.child.write('\x03');
    assert.is(await pty.ended, 130);
    assert.equal(readdirSync(folder), []);
  },
);

demos.run();
