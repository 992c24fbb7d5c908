// A screen of one row on a real terminal: shows the keys that came. `q` leaves, `e` is an error, `b` draws without end.
import process from 'node:process';
import { openSystemTerminal } from '../../src/blessed/system-terminal.ts';

const terminal = openSystemTerminal({ colours: 256, unicode: true, light: false });
let keys = '';
const draw = (): void => {
  const { columns, rows } = terminal.size();
  terminal.draw({
    rows: [[{ text: `keys:${keys}`, tone: 'plain' }], [{ text: `${columns}x${rows} pid ${process.pid}`, tone: 'good' }]],
    cursor: null,
  });
};
const noise = (count: number): void => {
  const { columns, rows } = terminal.size();
  const text = String.fromCharCode(97 + (count % 26)).repeat(columns);
  terminal.draw({ rows: Array.from({ length: rows }, () => [{ text, tone: 'plain' }]), cursor: null });
  setTimeout(noise, 1, count + 1);
};
terminal.onMessage((message) => {
  if (message.kind === 'key' && message.key === 'q') return terminal.close();
  if (message.kind === 'key' && message.key === 'e') throw new Error('this was not expected');
  if (message.kind === 'key' && message.key === 'b') return noise(0);
  keys += message.kind === 'key' ? ` ${message.key}` : message.kind === 'paste' ? ` pasted(${message.text})` : '';
  draw();
});
terminal.onEnd(({ exitCode }) => process.exit(exitCode));
draw();
