import type { Prng } from '@sluice/testkit';

const maxChanges = 6;

/** Copies bytes with a few changes: bits, bytes, ranges that are removed, doubled, moved or cut off. */
export function mutateBytes(chance: Prng, bytes: Uint8Array): Buffer {
  let changed: Buffer = Buffer.from(bytes);
  for (let left = chance.between(1, maxChanges); left > 0; left -= 1) changed = chance.pick(byteChanges)(chance, changed);
  return changed;
}

type ByteChange = (chance: Prng, bytes: Buffer) => Buffer;

const byteChanges: readonly ByteChange[] = [
  (chance, bytes) => withByte(chance, bytes, (byte) => byte ^ (1 << chance.between(0, 7))),
  (chance, bytes) => withByte(chance, bytes, () => chance.pick([0, 0x0a, 0x22, 0x5c, 0x7f, 0x80, 0xff, chance.between(0, 255)])),
  (chance, bytes) => splice(bytes, range(chance, bytes), []),
  (chance, bytes) => {
    const [from, to] = range(chance, bytes);
    return splice(bytes, [to, to], [bytes.subarray(from, to)]);
  },
  (chance, bytes) => {
    const [from, to] = range(chance, bytes);
    const at = chance.between(0, bytes.length);
    return splice(bytes, [at, Math.min(bytes.length, at + to - from)], [bytes.subarray(from, to)]);
  },
  (chance, bytes) => bytes.subarray(0, chance.between(0, bytes.length)),
  (chance, bytes) => splice(bytes, twice(chance.between(0, bytes.length)), [randomBytes(chance, chance.between(1, 16))]),
];

function withByte(chance: Prng, bytes: Buffer, change: (byte: number) => number): Buffer {
  if (bytes.length === 0) return bytes;
  const at = chance.between(0, bytes.length - 1);
  bytes[at] = change(bytes[at] ?? 0);
  return bytes;
}

function splice(bytes: Buffer, [from, to]: readonly [number, number], inserted: readonly Uint8Array[]): Buffer {
  return Buffer.concat([bytes.subarray(0, from), ...inserted, bytes.subarray(to)]);
}

function range(chance: Prng, bytes: Uint8Array): readonly [number, number] {
  const from = chance.between(0, bytes.length);
  return [from, Math.min(bytes.length, from + chance.between(1, 64))];
}

function twice(at: number): readonly [number, number] {
  return [at, at];
}

/** Returns random bytes. */
export function randomBytes(chance: Prng, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => chance.between(0, 255)));
}

/** Texts that have caused faults in programs. */
export const oddTexts: readonly string[] = [
  ...[
    '',
    ' ',
    '\0',
    '\n',
    '\r\n',
    '\u001b[2J',
    '\ud800',
    '\ufeff',
    '\u202e',
    '../..',
    '/',
    '.',
    '*',
    '[',
    '**/**',
    '%s',
    '{summary}',
    '${x}',
  ],
  ...['__proto__', 'constructor', 'toString', 'length', 'null', 'NaN', '-1', '1e999', '2026-02-30T25:61:61Z', '00000000'],
];

const oddNumbers: readonly number[] = [
  ...[0, -0, -1, 1, 0.5, 255, 65_536, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53, -(2 ** 53), Number.MAX_SAFE_INTEGER, 1e21, 1e308, 5e-324],
];

/** Returns any JSON value, often an unusual one. */
export function anyValue(chance: Prng, depth = 3): unknown {
  const kind = chance.between(0, depth > 0 ? 7 : 4);
  if (kind === 0) return null;
  if (kind === 1) return chance.chance(0.5);
  if (kind === 2) return chance.pick(oddNumbers);
  if (kind === 3) return chance.pick(oddTexts);
  if (kind === 4) return chance.pick(oddTexts).repeat(chance.pick([1, 2, 70, 300, 5_000]));
  const items = Array.from({ length: chance.between(0, 4) }, () => anyValue(chance, depth - 1));
  if (kind === 5) return items;
  return objectOf(items.map((item) => [chance.pick(oddTexts), item]));
}

/** Returns a copy of a JSON value in which some parts are replaced, left out, doubled or added. */
export function mutateValue(chance: Prng, value: unknown, depth = 6): unknown {
  if (chance.chance(0.15) || depth === 0) return anyValue(chance);
  if (Array.isArray(value)) return mutateItems(chance, value, depth);
  if (typeof value === 'object' && value !== null) return mutateFields(chance, value, depth);
  if (typeof value === 'string' && chance.chance(0.3)) return mutateText(chance, value);
  return chance.chance(0.3) ? anyValue(chance, 1) : value;
}

function mutateItems(chance: Prng, items: readonly unknown[], depth: number): unknown[] {
  if (chance.chance(0.05)) return Array.from({ length: 2_000 }, () => items[0] ?? null);
  const kept = items.filter(() => !chance.chance(0.1));
  const changed = kept.map((item) => (chance.chance(0.5) ? mutateValue(chance, item, depth - 1) : item));
  return chance.chance(0.2) ? [...changed, anyValue(chance)] : changed;
}

function mutateFields(chance: Prng, value: object, depth: number): object {
  const kept = Object.entries(value).filter(() => !chance.chance(0.06));
  const chosen = chance.between(0, Math.max(0, kept.length - 1));
  const fields = kept.map(([key, item], at) => [key, at === chosen ? mutateValue(chance, item, depth - 1) : item] as const);
  return objectOf(chance.chance(0.1) ? [...fields, [chance.pick(oddTexts), anyValue(chance)]] : fields);
}

/** Returns a copy of a text with a few changes. */
export function mutateText(chance: Prng, text: string): string {
  return mutateBytes(chance, Buffer.from(text)).toString(chance.chance(0.9) ? 'utf8' : 'latin1');
}

/** Makes an object that may have any name as a field, as `JSON.parse` does, including the names that every object has. */
function objectOf(fields: readonly (readonly [string, unknown])[]): object {
  const made = {};
  for (const [key, value] of fields) Object.defineProperty(made, key, { value, enumerable: true, configurable: true, writable: true });
  return made;
}
