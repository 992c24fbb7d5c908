import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { tones } from '../../src/picture/picture.ts';
import { FakeTerminal, picture, until } from './fake-terminal.ts';

test('openTerminal: switches to the alternate screen, hides the cursor, reads raw keys and bracketed pastes', async () => {
  const fake = new FakeTerminal(20, 3);
  const terminal = fake.open();
  await fake.settle();
  assert.ok(fake.isAlternate());
  assert.ok(fake.input.isRaw && fake.input.isReading);
  assert.ok(fake.emulator.modes.bracketedPasteMode);
  assert.match(fake.written, /␛\[\?25l/);
  terminal.close();
});

test('draw: a picture is on the terminal cell by cell', async () => {
  const fake = new FakeTerminal(20, 3);
  const terminal = fake.open();
  terminal.draw(picture(['one                 ', 'two {bold}x{/bold}{|}', 'three']));
  assert.equal(await fake.lines(), ['one', 'two {bold}x{/bold}{|', 'three']);
  terminal.close();
});

test('draw: a picture that equals the last one writes no byte', () => {
  const fake = new FakeTerminal(80, 24);
  const terminal = fake.open();
  const rows = Array.from({ length: 24 }, (_, row) => `row ${row} 日本 é`);
  for (const cursor of [null, { row: 3, column: 5 }]) {
    terminal.draw(picture(rows, cursor));
    fake.news();
    terminal.draw(picture([...rows], cursor));
    terminal.draw(picture([...rows], cursor));
    assert.is(fake.news(), '');
  }
  terminal.close();
});

test('draw: a changed cell writes few bytes', async () => {
  const fake = new FakeTerminal(80, 24);
  const terminal = fake.open();
  terminal.draw(picture(Array.from({ length: 24 }, () => 'x'.repeat(80))));
  fake.news();
  terminal.draw(picture(Array.from({ length: 24 }, (_, row) => (row === 12 ? `${'x'.repeat(40)}!${'x'.repeat(39)}` : 'x'.repeat(80)))));
  assert.ok(fake.news().length <= 24);
  assert.is((await fake.lines())[12], `${'x'.repeat(40)}!${'x'.repeat(39)}`);
  terminal.close();
});

test('draw: a shorter row leaves no text of the previous one', async () => {
  const fake = new FakeTerminal(10, 2);
  const terminal = fake.open();
  terminal.draw(picture(['0123456789', '0123456789']));
  terminal.draw(picture(['012']));
  assert.equal(await fake.lines(), ['012', '']);
  terminal.close();
});

test('draw: wide characters and marks keep what follows them in its column', async () => {
  const fake = new FakeTerminal(12, 2);
  const terminal = fake.open();
  terminal.draw(picture(['日本e\u0301x|      ', '𠀀𠀀|']));
  assert.equal(await fake.lines(), ['日本e\u0301x|', '𠀀𠀀|']);
  assert.is((await fake.cell(0, 6)).getChars(), '|');
  assert.is((await fake.cell(1, 4)).getChars(), '|');
  terminal.draw(picture(['ab本e\u0301x|', 'abcd|']));
  assert.equal(await fake.lines(), ['ab本e\u0301x|', 'abcd|']);
  terminal.close();
});

test('draw: a text that blessed and the terminal may measure differently becomes a mark in each column', async () => {
  const fake = new FakeTerminal(12, 2);
  const terminal = fake.open();
  terminal.draw(picture(['👨‍👩‍👧|x', '😀|x']));
  assert.equal(await fake.lines(), ['??|x', '??|x']);
  terminal.close();
});

test('draw: half a wide character at the edge becomes a mark', async () => {
  const fake = new FakeTerminal(3, 1);
  const terminal = fake.open();
  terminal.draw(picture(['日本']));
  assert.equal(await fake.lines(), ['日?']);
  terminal.close();
});

test('draw: control characters and escape sequences never reach the terminal', async () => {
  const fake = new FakeTerminal(30, 1);
  const terminal = fake.open();
  fake.news();
  let title = '';
  fake.emulator.onTitleChange((to) => {
    title = to;
  });
  terminal.draw(picture(['a\x1b]0;pwned\x07\x9b31m\n\u202e\u200b|']));
  await fake.settle();
  assert.is(title, '');
  assert.equal(await fake.lines(), ['a?]0;pwned??31m???|']);
  terminal.close();
});

test('draw: line drawing is Unicode, never letters of another character set', async () => {
  const fake = new FakeTerminal(10, 1);
  const terminal = fake.open();
  fake.news();
  terminal.draw(picture(['┌─┐│']));
  assert.not.match(fake.written, /␛\(0|␎/);
  assert.equal(await fake.lines(), ['┌─┐│']);
  terminal.close();
});

test('draw: without Unicode only ASCII is written', () => {
  const fake = new FakeTerminal(10, 1);
  const terminal = fake.open({ unicode: false });
  fake.news();
  terminal.draw(picture(['日é─x']));
  assert.match(fake.written, /\?\?\?\?x/);
  assert.match(fake.news(), /^[ -~␀-␟]*$/);
  terminal.close();
});

test('draw: with 256 colours each tone has its own', async () => {
  const fake = new FakeTerminal(20, tones.length);
  const terminal = fake.open({ colours: 256 });
  terminal.draw(picture(tones.map((tone) => [{ text: 'x', tone }])));
  const styles = await Promise.all(tones.map(async (_, row) => styleOf(fake, row)));
  assert.is(new Set(styles).size, tones.length);
  assert.is(styles[tones.indexOf('good')], 'palette 114 on default');
  assert.is(styles[tones.indexOf('alarm')], 'palette 231 on palette 160 bold');
  terminal.close();
});

test('draw: a light background has other colours', async () => {
  const fake = new FakeTerminal(20, 1);
  const terminal = fake.open({ colours: 256, light: true });
  terminal.draw(picture([[{ text: 'x', tone: 'good' }]]));
  assert.is(await styleOf(fake, 0), 'palette 28 on default');
  terminal.close();
});

test('draw: with 16 colours no others are used', async () => {
  const fake = new FakeTerminal(20, tones.length);
  const terminal = fake.open({ colours: 16 });
  terminal.draw(picture(tones.map((tone) => [{ text: 'x', tone }])));
  assert.not.match(fake.written, /[34]8;5/);
  const styles = await Promise.all(tones.map(async (_, row) => styleOf(fake, row)));
  assert.is(styles[tones.indexOf('good')], 'palette 10 on default');
  assert.is(styles[tones.indexOf('selected')], 'default on default inverse');
  terminal.close();
});

test('draw: the bright colours of the Linux console stay bright', async () => {
  const fake = new FakeTerminal(20, 1);
  const terminal = fake.open({ colours: 16 }, { TERM: 'linux' });
  terminal.draw(picture([[{ text: 'x', tone: 'good' }]]));
  assert.is(await styleOf(fake, 0), 'palette 10 on default');
  terminal.close();
});

test('draw: without colours there are only bold and inverse', async () => {
  const fake = new FakeTerminal(20, tones.length);
  const terminal = fake.open({ colours: 0 });
  terminal.draw(picture(tones.map((tone) => [{ text: 'x', tone }])));
  const styles = await Promise.all(tones.map(async (_, row) => styleOf(fake, row)));
  assert.ok(styles.every((style) => style.startsWith('default on default')));
  assert.is(styles[tones.indexOf('alarm')], 'default on default bold inverse');
  terminal.close();
});

test('draw: a cursor is shown where something is typed, and hidden afterwards', async () => {
  const fake = new FakeTerminal(20, 3);
  const terminal = fake.open();
  terminal.draw(picture(['a', 'b', 'c'], { row: 1, column: 5 }));
  await fake.settle();
  assert.match(fake.news(), /␛\[\?25h$/);
  assert.equal([fake.emulator.buffer.active.cursorY, fake.emulator.buffer.active.cursorX], [1, 5]);
  terminal.draw(picture(['a', 'B', 'c'], { row: 1, column: 6 }));
  await fake.settle();
  assert.equal([fake.emulator.buffer.active.cursorY, fake.emulator.buffer.active.cursorX], [1, 6]);
  terminal.draw(picture(['a', 'B', 'c']));
  assert.match(fake.news(), /␛\[\?25l$/);
  terminal.close();
});

test('draw: a reader that stalls gets only the newest picture when it continues', async () => {
  const fake = new FakeTerminal(40, 5);
  const terminal = fake.open();
  fake.news();
  fake.room = 30;
  for (let number = 0; number < 1_000; number++)
    terminal.draw(picture(Array.from({ length: 5 }, () => `picture ${number}`.padEnd(40, '.'))));
  assert.is(fake.written.length, 30);
  fake.room = Number.POSITIVE_INFINITY;
  await until(() => fake.written.includes('999'));
  assert.not.match(fake.news(), /picture [1-9][0-9]{0,1}\./);
  assert.equal(
    await fake.lines(),
    Array.from({ length: 5 }, () => 'picture 999'.padEnd(40, '.')),
  );
  terminal.close();
});

test('redraw: everything is written again', async () => {
  const fake = new FakeTerminal(20, 2);
  const terminal = fake.open();
  terminal.draw(picture(['one', 'two']));
  fake.emulator.write('\x1b[Hgarbage from elsewhere');
  terminal.redraw();
  assert.equal(await fake.lines(), ['one', 'two']);
  terminal.close();
});

test('resize: reported once, after the end of the dragging, and drawn without an intermediate size', async () => {
  const fake = new FakeTerminal(20, 3);
  const terminal = fake.open();
  terminal.draw(picture(['one', 'two', 'three']));
  fake.news();
  for (let columns = 21; columns <= 40; columns++) fake.resize(columns, 4);
  assert.is(fake.news(), '');
  await until(() => fake.messages.length > 0);
  assert.equal(fake.messages, [{ kind: 'resize', columns: 40, rows: 4 }]);
  assert.equal(terminal.size(), { columns: 40, rows: 4 });
  assert.is(fake.news().match(/␛\[2J/g)?.length, 1);
  terminal.draw(picture(['1', '2', '3', 'a fourth, and a longer row than before']));
  assert.equal(await fake.lines(), ['1', '2', '3', 'a fourth, and a longer row than before']);
  terminal.close();
});

test('resize: on a smaller screen the picture is cut', async () => {
  const fake = new FakeTerminal(20, 3);
  const terminal = fake.open();
  terminal.draw(picture(['0123456789abc', 'two', 'three'], { row: 2, column: 15 }));
  fake.resize(5, 2);
  await until(() => fake.messages.length > 0);
  assert.equal(await fake.lines(), ['01234', 'two']);
  terminal.close();
});

test('resize: a reader that stalls is not cleared repeatedly', async () => {
  const fake = new FakeTerminal(20, 3);
  const terminal = fake.open();
  fake.news();
  fake.room = 5;
  terminal.draw(picture(['one', 'two', 'three']));
  for (const columns of [30, 31, 32]) {
    const before = fake.messages.length;
    fake.resize(columns, 3);
    await until(() => fake.messages.length > before);
  }
  fake.room = Number.POSITIVE_INFINITY;
  await until(() => fake.written.includes('three') && fake.written.includes('␛[2J'));
  assert.is(fake.news().match(/␛\[2J/g)?.length, 1);
  assert.equal(await fake.lines(), ['one', 'two', 'three']);
  terminal.close();
});

test('openTerminal: a terminal that reports no size counts as 80 by 24', () => {
  const fake = new FakeTerminal(80, 24);
  fake.output.columns = 0;
  fake.output.rows = 0;
  const terminal = fake.open();
  assert.equal(terminal.size(), { columns: 80, rows: 24 });
  terminal.close();
});

/** Returns foreground on background, and flags, of the first cell of a row. */
async function styleOf(fake: FakeTerminal, row: number): Promise<string> {
  const cell = await fake.cell(row, 0);
  const foreground = cell.isFgDefault() ? 'default' : `palette ${cell.getFgColor()}`;
  const background = cell.isBgDefault() ? 'default' : `palette ${cell.getBgColor()}`;
  return `${foreground} on ${background}${cell.isBold() ? ' bold' : ''}${cell.isInverse() ? ' inverse' : ''}`;
}

test.run();
