/** A change that is made to a file of blessed 0.1.81 before it runs. */
export interface Rewrite {
  readonly find: RegExp;
  readonly replace: string;
  /** How often the expression has to match. Another number means another version of blessed. */
  readonly count: number;
}

/**
 * Sets the prototype of a class in a way that Deno supports too. There `__proto__` is an ordinary property, and `super` calls
 * would recurse without end.
 */
const prototype: Rewrite = {
  find: /^(\w+)\.prototype\.__proto__ = (\w+)\.prototype;$/gm,
  replace: 'Object.setPrototypeOf($1.prototype, $2.prototype);',
  count: 1,
};

/** The files of blessed that are loaded, and what is changed in each. All others are left out of the bundle too. */
export const rewrites: Readonly<Record<string, readonly Rewrite[]>> = {
  'lib/alias.js': [],
  'lib/colors.js': [],
  'lib/events.js': [],
  'lib/helpers.js': [],
  'lib/keys.js': [],
  'lib/program.js': [
    prototype,
    { find: /options\.__proto__ !== Object\.prototype/g, replace: 'Object.getPrototypeOf(options) !== Object.prototype', count: 1 },
    // Only the general mouse of the Linux console would need it, and it connects to a socket of the machine.
    { find: /require\('\.\/gpmclient'\)/g, replace: 'null', count: 1 },
    // Otherwise it runs `tmux -V`, without a deadline, to find out what only all-motion mouse reports need.
    { find: /if \(!self\.tmux\) return 2;/g, replace: 'return 2;', count: 1 },
  ],
  // The data comes from `terminfo-data.ts`. Blessed reads no terminfo from the disk, and no reset file.
  'lib/tput.js': [
    { find: /str = fs\.readFileSync\(str, 'utf8'\);/g, replace: 'return noop;', count: 1 },
    { find: /data = fs\.readFileSync\(file\);/g, replace: 'data = this.constructor.readEmbedded(term);', count: 1 },
    { find: /file = path\.normalize\(this\._prefix\(term\)\);/g, replace: "file = '/embedded/x/' + term;", count: 1 },
  ],
  // The width of a tab, which pictures do not contain, would load all of blessed.
  'lib/unicode.js': [{ find: /require\('\.\.\/'\)/g, replace: '{ screen: {} }', count: 1 }],
  'lib/widgets/box.js': [prototype],
  'lib/widgets/element.js': [prototype, { find: /require\('\.\/scrollablebox'\)/g, replace: 'null', count: 1 }],
  'lib/widgets/node.js': [prototype],
  'lib/widgets/screen.js': [
    prototype,
    { find: /require\('\.\/log'\)/g, replace: 'null', count: 1 },
    // Otherwise it starts `cls` and waits for it, although its output goes nowhere.
    { find: /process\.platform === 'win32'/g, replace: 'false', count: 2 },
  ],
};

/** The files that the screen loads first. They require the others. */
export const entries = {
  Program: 'lib/program.js',
  Tput: 'lib/tput.js',
  Screen: 'lib/widgets/screen.js',
  Box: 'lib/widgets/box.js',
  unicode: 'lib/unicode.js',
} as const;

/**
 * Returns the source of one of blessed's files as Sluice runs it.
 * @param file one of the keys of `rewrites`
 * @throws Error if the file is not in the list, or is not the version for which the list was made
 */
export function rewriteBlessed(file: string, source: string): string {
  const list = rewrites[file];
  if (list === undefined) throw new Error(`blessed's ${file} is not one of the files that Sluice uses`);
  const text = list.reduce((before, { find, replace, count }) => {
    const found = before.match(find)?.length ?? 0;
    if (found !== count) throw new Error(`cannot rewrite blessed's ${file}: ${find.source} is there ${found} times, not ${count}`);
    return before.replace(find, replace);
  }, source);
  if (text.includes('__proto__')) throw new Error(`blessed's ${file} still uses __proto__`);
  return text;
}
