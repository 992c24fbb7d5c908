/** The first sixteen colours differ between terminals. These are readable on a dark background. */
const named = [
  '#12161c',
  '#e0565b',
  '#7fbf7f',
  '#d7ba5f',
  '#6a9fd8',
  '#b48ead',
  '#6fc1c7',
  '#d4d8de',
  '#7c8591',
  '#ff6b70',
  '#98d898',
  '#f0d678',
  '#82b8f0',
  '#cfa8c8',
  '#8adce2',
  '#ffffff',
];

const levels = [0, 95, 135, 175, 215, 255];

/** Returns a colour of xterm's palette of 256: sixteen named ones, a cube of 6x6x6, 24 greys. */
export function colourOf(index: number): string {
  const name = named[index];
  if (name !== undefined) return name;
  if (index >= 232) return hex([8, 8, 8].map((least) => least + (index - 232) * 10));
  const at = index - 16;
  return hex([Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6].map((level) => levels[level] ?? 0));
}

function hex(parts: readonly number[]): string {
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
