// Draws two pictures on standard output as if it were a terminal. It is run by Node, by Deno, and from a bundle.
import { createPainter } from '../../src/blessed/output/painter.ts';
import type { Picture } from '../../src/picture/picture.ts';

const keys: string[] = [];
let text = '';
const painter = createPainter({
  terminfo: 'xterm-256color',
  theme: { colours: 256, unicode: true, light: false },
  size: { columns: 30, rows: 3 },
  write: (written) => {
    text += written;
  },
  onKey: (_, key) => keys.push(key.name ?? ''),
  onMouse: (mouse) => keys.push(mouse.action),
});
const picture = (name: string): Picture => ({ rows: [[{ text: `┌ ${name} 日本 ┐`, tone: 'good' }]], cursor: null });
painter.paint(picture('one'));
painter.paint(picture('two'));
painter.mouse(true);
painter.feed('\x1b[A');
painter.feed('\x1b[<0;3;2M');
painter.leave();
painter.destroy();
process.stdout.write(JSON.stringify({ text, keys }));
