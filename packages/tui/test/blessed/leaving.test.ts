// real: measures how long a stalled reader holds up the end
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FakeTerminal, picture, until } from './fake-terminal.ts';

/** Asserts that the terminal is as it was before the screen. */
async function assertGivenBack(fake: FakeTerminal): Promise<void> {
  await fake.settle();
  assert.not(fake.isAlternate(), 'on the other screen');
  assert.not(fake.input.isRaw, 'raw');
  assert.not(fake.input.isReading, 'reading');
  assert.not(fake.emulator.modes.bracketedPasteMode, 'bracketed paste');
  assert.is(fake.emulator.modes.mouseTrackingMode, 'none');
  assert.not(fake.emulator.modes.applicationCursorKeysMode, 'application keys');
  assert.match(fake.written, /␛\[\?25h[^]*$/, 'no cursor');
}

function opened(): { readonly fake: FakeTerminal; readonly terminal: ReturnType<FakeTerminal['open']> } {
  const fake = new FakeTerminal(20, 3);
  fake.emulator.write('$ sluice\r\n');
  const terminal = fake.open();
  terminal.mouse(true);
  terminal.draw(picture(['one', 'two', 'three']));
  return { fake, terminal };
}

test('close: restores the terminal with its earlier content, and leaves no listener on the process', async () => {
  const { fake, terminal } = opened();
  terminal.close();
  terminal.close();
  terminal.draw(picture(['more']));
  terminal.bell();
  await assertGivenBack(fake);
  assert.equal(await fake.lines(), ['$ sluice', '', '']);
  assert.equal([fake.emulator.buffer.active.cursorY, fake.emulator.buffer.active.cursorX], [1, 0]);
  assert.equal(fake.process.eventNames(), []);
  assert.equal(fake.input.eventNames(), []);
  assert.equal(fake.output.eventNames(), []);
});

test('openTerminal: blessed does not affect how the process ends, and many screens leave no listener behind', () => {
  const listeners = (): unknown => process.eventNames().map((name) => [name, process.listenerCount(name)]);
  const before = listeners();
  for (let count = 0; count < 20; count++) {
    const { terminal } = opened();
    assert.equal(listeners(), before);
    terminal.close();
  }
  assert.equal(listeners(), before);
});

test('close: no part of the screen is left as a scroll region, even if it has just grown', () => {
  const { fake, terminal } = opened();
  fake.resize(20, 6);
  terminal.close();
  // Of all rows, not of a number of them: xterm keeps it for the other screen, too, although the emulator does not.
  assert.not.match(fake.written, /\d;\d+r/);
  assert.match(fake.written, '␛[r');
});

for (const [signal, exitCode] of [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGQUIT', 131],
  ['SIGTERM', 143],
] as const) {
  test(`onEnd: ${signal} restores the terminal first, and ends with ${exitCode}`, async () => {
    const { fake } = opened();
    fake.process.emit(signal);
    assert.equal(fake.ends, [{ kind: 'signal', signal, exitCode }]);
    await assertGivenBack(fake);
  });
}

for (const event of ['end', 'close', 'error']) {
  test(`onEnd: the end of the keyboard (${event}) ends the screen`, async () => {
    const { fake } = opened();
    fake.input.emit(event);
    assert.equal(fake.ends, [{ kind: 'lost', exitCode: 129 }]);
    await assertGivenBack(fake);
  });
}

test('onEnd: a terminal that is gone ends the screen at its next picture', async () => {
  const { fake, terminal } = opened();
  fake.failure = 'EIO';
  terminal.draw(picture(['another']));
  await until(() => fake.ends.length > 0);
  assert.equal(fake.ends, [{ kind: 'lost', exitCode: 129 }]);
});

test('onEnd: calls each listener once, even one that is added late', () => {
  const { fake, terminal } = opened();
  fake.process.emit('SIGTERM');
  fake.process.emit('SIGHUP');
  fake.input.emit('end');
  const later: unknown[] = [];
  terminal.onEnd((end) => later.push(end));
  assert.is(fake.ends.length, 1);
  assert.equal(later, fake.ends);
});

test('openTerminal: an uncaught error restores the terminal before it is shown', async () => {
  const { fake } = opened();
  fake.process.emit('uncaughtExceptionMonitor');
  await assertGivenBack(fake);
});

test('openTerminal: an exit of the process from anywhere restores the terminal', async () => {
  const { fake } = opened();
  fake.process.emit('exit');
  await assertGivenBack(fake);
});

test('close: a reader that stalls does not delay the end indefinitely', () => {
  const { fake, terminal } = opened();
  fake.room = 10;
  terminal.draw(picture(['another picture', 'x', 'y']));
  const started = performance.now();
  terminal.close();
  const took = performance.now() - started;
  assert.ok(took > 400 && took < 2_000, `${took} ms`);
  assert.not(fake.input.isRaw);
});

test('close: the rest of a half-written picture is dropped', async () => {
  const fake = new FakeTerminal(80, 24);
  const terminal = fake.open();
  terminal.draw(picture(Array.from({ length: 24 }, (_, row) => String(row).repeat(40))));
  await fake.settle();
  // Enough for the sequences that restore the terminal, and only for the beginning of another picture.
  fake.room = 10;
  terminal.draw(picture(Array.from({ length: 24 }, (_, row) => String(row + 30).repeat(40))));
  fake.news();
  fake.room = 120;
  terminal.close();
  await assertGivenBack(fake);
  assert.match(fake.written, /^␘/);
});

test('Ctrl-Z: restores the terminal, then stops everything that runs in it; fg draws it again', async () => {
  const { fake, terminal } = opened();
  let wasGivenBack = false;
  fake.process.onKill = () => {
    wasGivenBack = !fake.input.isRaw && fake.written.endsWith('␛[?1049l') && fake.process.listenerCount('SIGTSTP') === 0;
  };
  fake.type('\x1a');
  assert.equal(fake.process.killed, ['SIGTSTP 0']);
  assert.ok(wasGivenBack);
  await assertGivenBack(fake);
  terminal.draw(picture(['newer', 'two', 'three']));
  assert.not(fake.isAlternate());

  fake.process.emit('SIGCONT');
  assert.ok(fake.input.isRaw && fake.input.isReading);
  assert.equal(await fake.lines(), ['newer', 'two', 'three']);
  assert.ok(fake.isAlternate() && fake.emulator.modes.bracketedPasteMode);
  assert.is(fake.emulator.modes.mouseTrackingMode, 'drag');
  assert.equal(fake.keys(), []);
  fake.process.emit('SIGTSTP');
  assert.is(fake.process.killed.length, 2);
  terminal.close();
});

test('Ctrl-Z: if no shell could continue it, the screen stays', async () => {
  const { fake, terminal } = opened();
  fake.type('\x1a');
  await until(() => fake.input.isRaw);
  assert.equal(await fake.lines(), ['one', 'two', 'three']);
  terminal.close();
});

test('Ctrl-Z: a size that changed meanwhile is reported', () => {
  const { fake, terminal } = opened();
  fake.type('\x1a');
  fake.output.columns = 33;
  fake.emulator.resize(33, 3);
  fake.process.emit('SIGCONT');
  assert.equal(fake.messages, [{ kind: 'resize', columns: 33, rows: 3 }]);
  terminal.close();
});

test('SIGCONT: after a stop from outside, with a shell in between, everything is set and drawn again', async () => {
  const { fake, terminal } = opened();
  fake.emulator.write('[1]+ Stopped');
  fake.input.isRaw = false;
  fake.process.emit('SIGCONT');
  assert.ok(fake.input.isRaw);
  assert.equal(await fake.lines(), ['one', 'two', 'three']);
  terminal.close();
  await assertGivenBack(fake);
});

test.run();
