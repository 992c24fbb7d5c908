import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FakeScreen } from './fake-screen.ts';
import { calmFrame, outageFrame, past } from './views/sample-model.ts';

test('runScreen: draws at once, before the agent has answered', () => {
  const screen = new FakeScreen();
  assert.is(screen.drawn.length, 1);
  assert.is(screen.drawn[0]?.at, 0);
  assert.equal(screen.windows, []);
});

test('runScreen: a connection requests the window of the model, and a frame is drawn', () => {
  const screen = new FakeScreen();
  screen.connect(outageFrame());
  assert.is(screen.windows.length, 1);
  assert.is(screen.windows[0]?.tab, 'all');
  assert.match(screen.shows(), 'video1.mxf');
});

test('runScreen: the first frame is drawn when it arrives, and later ones at most four times a second', () => {
  const screen = new FakeScreen();
  screen.time.pass(40);
  screen.agentSays({ kind: 'link', link: { kind: 'connected' } });
  screen.agentSays({ kind: 'frame', frame: outageFrame() });
  assert.equal(
    screen.drawn.map(({ at }) => at),
    [0, 40],
  );
  assert.match(screen.drawn[1]?.text ?? '', 'video1.mxf');
  screen.agentSays({ kind: 'frame', frame: calmFrame() });
  screen.time.pass(999 - 40);
  assert.ok(screen.drawn.length <= 4, screen.drawn.map(({ at }) => at).join());
  assert.is(screen.drawn[2]?.at, 500);
});

test('runScreen: after a lost connection the same window is requested again', () => {
  const screen = new FakeScreen();
  screen.connect(outageFrame());
  screen.agentSays({ kind: 'link', link: { kind: 'lost', why: 'it has ended', cause: 'away', sinceAt: screen.time.now() } });
  screen.connect(outageFrame());
  assert.is(screen.windows.length, 2);
  assert.is(screen.windows[1]?.tab, 'all');
});

test('runScreen: a window that was requested already is not requested again', () => {
  const screen = new FakeScreen();
  screen.connect(outageFrame());
  screen.terminalSays({ kind: 'resize', columns: 100, rows: 30 });
  const asked = screen.windows.length;
  screen.terminalSays({ kind: 'resize', columns: 101, rows: 30 });
  assert.is(screen.windows.length, asked);
  screen.key('s');
  assert.is(screen.windows.length, asked + 1);
});

test('runScreen: a thousand frames a second give at most four pictures, and the last is drawn', () => {
  const screen = new FakeScreen();
  screen.connect(outageFrame());
  const first = screen.drawn.length;
  for (let count = 0; count < 3_000; count++) {
    screen.agentSays({ kind: 'frame', frame: outageFrame({ seq: count, totals: { ...outageFrame().totals, needsYou: count } }) });
    screen.time.pass(1);
  }
  screen.time.pass(250);
  const pictures = screen.drawn.slice(first);
  assert.ok(pictures.length >= 12 && pictures.length <= 14, `${pictures.length} pictures in three seconds`);
  for (const [index, { at }] of pictures.slice(1).entries()) assert.ok(at - (pictures[index]?.at ?? 0) >= 250);
  assert.match(pictures.at(-1)?.text ?? '', '2,999');
});

test('runScreen: a key after a pause is answered at once', () => {
  const screen = new FakeScreen();
  screen.connect(outageFrame());
  screen.time.pass(600);
  const before = screen.drawn.length;
  screen.key('?');
  screen.time.pass(0);
  assert.is(screen.drawn.length, before + 1);
});

test('runScreen: without news only the clock is drawn, once a second', () => {
  const screen = new FakeScreen();
  screen.connect(calmFrame());
  screen.time.pass(1_500);
  const before = screen.drawn.length;
  screen.time.pass(10_000);
  assert.is(screen.drawn.length - before, 10);
});

test('runScreen: intents for the agent go to the client', () => {
  const screen = new FakeScreen();
  screen.connect(outageFrame());
  screen.key('down');
  screen.key('enter');
  assert.equal(
    screen.performed.map((intent) => intent.do),
    ['show'],
  );
});

test('runScreen: a click selects the row under it', () => {
  const screen = new FakeScreen();
  screen.connect(outageFrame());
  const rows = screen.shows().split('\n');
  const row = rows.findIndex((text) => text.includes('cam-b_0041.mov'));
  assert.ok(row > 0);
  screen.terminalSays({ kind: 'click', row, column: 10 });
  assert.match(screen.shows().split('\n')[row] ?? '', /^>.*cam-b_0041/);
});

test('runScreen: in the history a click selects, and an export gets a path, is confirmed and written', async () => {
  const screen = new FakeScreen();
  screen.connect(outageFrame());
  screen.key('6');
  const { range, files, outages, hasMore } = past;
  screen.key('right');
  screen.agentSays({ kind: 'history', range, filter: '', sums: null, files, outages, hasMore });
  const row = screen
    .shows()
    .split('\n')
    .findIndex((text) => text.includes('clip_2'));
  screen.terminalSays({ kind: 'click', row, column: 10 });
  assert.match(screen.shows().split('\n')[row] ?? '', /^>.*clip_2/);
  screen.key('e');
  await Promise.resolve();
  assert.match(screen.shows(), /Write 5 files and 2 outages to a new file\?[^]*past\.csv/);
  screen.key('y');
  await Promise.resolve();
  assert.match(screen.shows(), 'wrote 5 files and 2 outages to /home/ann/past.csv');
  assert.equal(
    screen.exported.map((intent) => intent.do),
    ['find_path', 'export'],
  );
});

test('runScreen: a copy goes to the terminal, and the result is shown', () => {
  const screen = new FakeScreen();
  screen.connect(outageFrame());
  screen.key('y');
  assert.match(screen.calls.join(), /^copy .*mxf/);
  assert.match(screen.shows(), 'on the clipboard');
  screen.canCopy = false;
  screen.key('y');
  assert.match(screen.shows(), 'this terminal has no clipboard');
});

test('runScreen: the mouse is turned on at the terminal', () => {
  const screen = new FakeScreen();
  screen.key('m');
  screen.key('m');
  assert.equal(screen.calls, ['mouse true', 'mouse false']);
});

test('runScreen: q leaves, everything is closed, nothing continues', async () => {
  const screen = new FakeScreen();
  screen.connect(outageFrame());
  screen.key('q');
  assert.is(await screen.exitCode, 0);
  assert.equal(screen.calls, ['terminal closed', 'client closed']);
  assert.is(screen.time.pending(), 0);
  const before = screen.drawn.length;
  screen.agentSays({ kind: 'frame', frame: calmFrame() });
  screen.time.pass(5_000);
  assert.is(screen.drawn.length, before);
});

test('runScreen: a signal ends it with its exit code, once', async () => {
  const screen = new FakeScreen();
  screen.end({ kind: 'signal', signal: 'SIGHUP', exitCode: 129 });
  screen.key('q');
  assert.is(await screen.exitCode, 129);
  assert.equal(screen.calls, ['terminal closed', 'client closed']);
});

test('runScreen: the bell rings at the first failure and when everything is well again, not in between', () => {
  const screen = new FakeScreen();
  screen.connect(calmFrame());
  assert.equal(screen.calls, []);
  screen.agentSays({ kind: 'frame', frame: outageFrame() });
  assert.equal(screen.calls, ['bell']);
  screen.agentSays({ kind: 'frame', frame: outageFrame({ seq: 3 }) });
  assert.equal(screen.calls, ['bell']);
  screen.agentSays({ kind: 'frame', frame: calmFrame({ seq: 4 }) });
  assert.equal(screen.calls, ['bell', 'bell']);
});

test('runScreen: a failure that is recovered at once rings, too', () => {
  const screen = new FakeScreen();
  const totals = { ...calmFrame().totals, failed: 0, recovered: 0 };
  screen.connect(calmFrame({ totals }));
  screen.agentSays({ kind: 'frame', frame: calmFrame({ totals: { ...totals, recovered: 1 } }) });
  assert.equal(screen.calls, ['bell']);
});

test('runScreen: an outage that began before the screen was opened does not ring; without a bell nothing rings', () => {
  const late = new FakeScreen();
  late.connect(outageFrame());
  assert.equal(late.calls, []);
  const silent = new FakeScreen({ hasBell: false });
  silent.connect(calmFrame());
  silent.agentSays({ kind: 'frame', frame: outageFrame() });
  assert.equal(silent.calls, []);
});

test('runScreen: a key right after a picture is answered soon, and so are the rows that it requests', () => {
  const screen = new FakeScreen();
  screen.connect(outageFrame());
  screen.time.pass(600);
  screen.agentSays({ kind: 'frame', frame: calmFrame() });
  screen.time.pass(10);
  const before = screen.drawn.length;
  screen.key('4');
  screen.time.pass(50);
  assert.is(screen.drawn.length, before + 1);
  screen.agentSays({ kind: 'frame', frame: outageFrame() });
  screen.time.pass(50);
  assert.is(screen.drawn.length, before + 2);
  screen.agentSays({ kind: 'frame', frame: calmFrame() });
  screen.time.pass(50);
  assert.is(screen.drawn.length, before + 2, 'news that nobody waits for have their own pace');
});

test.run();
