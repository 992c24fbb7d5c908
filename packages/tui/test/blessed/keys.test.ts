import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FakeTerminal, until } from './fake-terminal.ts';

const named: readonly (readonly [sequence: string, keys: readonly string[]])[] = [
  ['\r', ['enter']],
  ['\n', ['enter']],
  ['\t', ['tab']],
  ['\x1b[Z', ['shift-tab']],
  ['\x7f', ['backspace']],
  ['\b', ['backspace']],
  [' ', [' ']],
  ['q', ['q']],
  ['S', ['S']],
  ['?', ['?']],
  ['é', ['é']],
  ['日', ['日']],
  ['😀', ['😀']],
  ['\x03', ['ctrl-c']],
  ['\x1b[A', ['up']],
  ['\x1bOB', ['down']],
  ['\x1b[C', ['right']],
  ['\x1b[D', ['left']],
  ['\x1b[5~', ['pageup']],
  ['\x1b[6~', ['pagedown']],
  ['\x1b[H', ['home']],
  ['\x1b[1~', ['home']],
  ['\x1bOF', ['end']],
  ['\x1b[3~', ['delete']],
  ['\x1b[1;5A', ['ctrl-up']],
  ['\x1bOP', ['f1']],
  ['\x1b[[A', ['f1']],
  ['\x1b[I', []],
  ['\x1b[?997;1n', []],
  ['\x1b[<35;10;5M', []],
];
for (const [sequence, keys] of named) {
  test(`onMessage: ${JSON.stringify(sequence)} is ${JSON.stringify(keys)}, once`, () => {
    const fake = new FakeTerminal(20, 3);
    const terminal = fake.open();
    fake.type(sequence);
    assert.equal(fake.keys(), keys);
    terminal.close();
  });
}

test('onMessage: Escape alone is reported when nothing follows it', async () => {
  const fake = new FakeTerminal(20, 3);
  const terminal = fake.open();
  fake.type('\x1b');
  assert.equal(fake.keys(), []);
  await until(() => fake.messages.length > 0);
  assert.equal(fake.keys(), ['escape']);
  terminal.close();
});

test('onMessage: Escape followed quickly by a key gives both', () => {
  const fake = new FakeTerminal(20, 3);
  const terminal = fake.open();
  fake.type('\x1bj');
  assert.equal(fake.keys(), ['escape', 'j']);
  terminal.close();
});

test('onMessage: an arrow over a slow line, cut in two, is an arrow', () => {
  const fake = new FakeTerminal(20, 3);
  const terminal = fake.open();
  fake.type('\x1b');
  fake.type('[A');
  assert.equal(fake.keys(), ['up']);
  terminal.close();
});

test('onMessage: a character cut in two is one character', () => {
  const fake = new FakeTerminal(20, 3);
  const terminal = fake.open();
  for (const byte of Buffer.from('é日', 'utf8')) fake.input.emit('data', Buffer.from([byte]));
  assert.equal(fake.keys(), ['é', '日']);
  terminal.close();
});

test('onMessage: a paste is text and fires no key, not even Ctrl-Z', () => {
  const fake = new FakeTerminal(20, 3);
  const terminal = fake.open();
  fake.type('\x1b[200~rx\r\x1a');
  fake.type('q\x1b[201~');
  assert.equal(fake.messages, [{ kind: 'paste', text: 'rx\r\x1aq' }]);
  assert.equal(fake.process.killed, []);
  terminal.close();
});

test('mouse: off at first, then only clicks and the wheel, in the mode that supports wide screens', async () => {
  const fake = new FakeTerminal(20, 3);
  const terminal = fake.open();
  await fake.settle();
  assert.is(fake.emulator.modes.mouseTrackingMode, 'none');
  terminal.mouse(true);
  await fake.settle();
  assert.is(fake.emulator.modes.mouseTrackingMode, 'drag');
  assert.match(fake.written, /␛\[\?1006h/);
  assert.not.match(fake.written, /␛\[\?1003h/);
  terminal.mouse(false);
  await fake.settle();
  assert.is(fake.emulator.modes.mouseTrackingMode, 'none');
  terminal.close();
});

const mice: readonly (readonly [claim: string, sequence: string, messages: readonly unknown[]])[] = [
  ['a click', '\x1b[<0;10;5M\x1b[<0;10;5m', [{ kind: 'click', row: 4, column: 9 }]],
  ['a click far to the right', '\x1b[<0;300;5M', [{ kind: 'click', row: 4, column: 299 }]],
  ['a click of the right button is nothing', '\x1b[<2;10;5M', []],
  ['a pull is nothing', '\x1b[<32;11;5M\x1b[<32;12;5M', []],
  ['the wheel up', '\x1b[<64;10;5M', [{ kind: 'wheel', by: -3 }]],
  ['the wheel down', '\x1b[<65;10;5M', [{ kind: 'wheel', by: 3 }]],
  ['the wheel to the side is nothing', '\x1b[<66;10;5M\x1b[<67;10;5M', []],
  ['a click of an old terminal', '\x1b[M *%', [{ kind: 'click', row: 4, column: 9 }]],
];
for (const [claim, sequence, messages] of mice) {
  test(`mouse: ${claim}`, () => {
    const fake = new FakeTerminal(20, 3);
    const terminal = fake.open();
    terminal.mouse(true);
    fake.type(sequence);
    assert.equal(fake.messages, messages);
    terminal.close();
  });
}

test('bell: rings', async () => {
  const fake = new FakeTerminal(20, 3);
  let rung = 0;
  fake.emulator.onBell(() => {
    rung += 1;
  });
  const terminal = fake.open();
  terminal.bell();
  await fake.settle();
  assert.is(rung, 1);
  terminal.close();
});

test('copy: puts a text on the clipboard of the person at the terminal', async () => {
  const fake = new FakeTerminal(20, 3);
  let copied = '';
  fake.emulator.parser.registerOscHandler(52, (data) => {
    copied = data;
    return true;
  });
  const terminal = fake.open();
  assert.ok(terminal.copy('/ingest/vidéo 1.mxf'));
  await fake.settle();
  assert.is(copied, `c;${Buffer.from('/ingest/vidéo 1.mxf').toString('base64')}`);
  terminal.close();
});

test('copy: the sequence is also wrapped if tmux or screen are in between', () => {
  const copy = (env: Readonly<Record<string, string>>): string => {
    const fake = new FakeTerminal(20, 3);
    const terminal = fake.open({}, env);
    fake.news();
    terminal.copy('x');
    const text = fake.news();
    terminal.close();
    return text;
  };
  assert.is(copy({ TERM: 'tmux-256color', TMUX: '/tmp/x' }), '␛]52;c;eA==␇␛Ptmux;␛␛]52;c;eA==␇␛\\');
  assert.is(copy({ TERM: 'screen', STY: '1.x' }), '␛P␛]52;c;eA==␇␛\\');
  assert.is(copy({ TERM: 'linux' }), '');
});

test('copy: a text that no terminal accepts is refused', () => {
  const fake = new FakeTerminal(20, 3);
  const terminal = fake.open();
  fake.news();
  assert.not(terminal.copy('x'.repeat(100_000)));
  assert.is(fake.news(), '');
  terminal.close();
});

test.run();
