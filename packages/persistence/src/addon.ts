import process from 'node:process';

/**
 * Loads better-sqlite3's native addon in a child process, from the path to which its parent unpacked it.
 *
 * @param path null: better-sqlite3 finds its own, as in a checkout
 */
export function loadAddonAt(path: string | null): object | undefined {
  if (path === null) return undefined;
  const module = { exports: {} };
  process.dlopen(module, path);
  return module.exports;
}
