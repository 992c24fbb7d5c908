import { rmdir } from 'node:fs/promises';
import { type Awaitable, callsFor, type Name, OpenFolders } from '@sluice/platform';

/** Calls that concern names in two folders of this machine, or folders themselves. No call follows a link below either folder. */
export interface Between {
  /** Gives a file of the first folder a name in the second one. Never replaces a file. @throws EEXIST if `to` is taken */
  link(from: string, to: string): Awaitable<void>;
  /** Moves a file from the first folder to the second one, and replaces a file with the name `to`. */
  rename(from: string, to: string): Awaitable<void>;
  /** Removes an empty folder below the first one. @throws ENOTEMPTY if it is not empty */
  removeFolder(path: string): Awaitable<void>;
}

/**
 * Returns the calls between two folders, which may be the same.
 *
 * @param isOwnDisk returns whether both are on a local disk, where metadata calls are fast
 */
export function between(fromRoot: string, toRoot: string, isOwnDisk: () => boolean = () => false): Between {
  const calls = callsFor(isOwnDisk);
  const from = new OpenFolders(fromRoot, undefined, calls);
  const to = toRoot === fromRoot ? from : new OpenFolders(toRoot, undefined, calls);
  const both = (a: string, b: string, work: (at: Name, name: Name) => Awaitable<void>): Awaitable<void> =>
    from.at(a, true, (at) => to.at(b, true, (name) => work(at, name)));
  return {
    link: (a, b) => both(a, b, (at, name) => calls.link(at, name)),
    rename: (a, b) => both(a, b, (at, name) => calls.rename(at, name)),
    removeFolder: (path) => from.at(path, true, (at) => rmdir(at)),
  };
}
