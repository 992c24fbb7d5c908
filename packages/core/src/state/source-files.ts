import { type FileIdentity, identityOf, identityText } from '../model/ids.ts';

/** Returns the identity at a source path that is not copied yet. Null: not known. */
export function sourceIdentity({ identities }: { readonly identities: ReadonlyMap<string, string> }, source: string): FileIdentity | null {
  const text = identities.get(source);
  return text === undefined ? null : identityOf(text);
}

/** Maps source paths to file identities and back. If a file has two paths, the one that was set last counts. */
export interface SourceFiles {
  /** @returns the path at which the intake last saw this file. Null: none */
  pathOf(identity: FileIdentity): string | null;
  /** @returns the identity at this path, as `identityText`. Null: not known */
  textOf(path: string): string | null;
  /** @param text null if the filesystem may make up inode numbers */
  set(path: string, text: string | null): void;
  delete(path: string): void;
}

/** Creates an empty `SourceFiles`. */
export function createSourceFiles(): SourceFiles {
  return new KnownFiles();
}

class KnownFiles implements SourceFiles {
  readonly #paths = new Map<string, string>();
  readonly #texts = new Map<string, string>();

  pathOf(identity: FileIdentity): string | null {
    return this.#paths.get(identityText(identity)) ?? null;
  }

  textOf(path: string): string | null {
    return this.#texts.get(path) ?? null;
  }

  set(path: string, text: string | null): void {
    this.delete(path);
    if (text === null) return;
    this.#texts.set(path, text);
    this.#paths.set(text, path);
  }

  delete(path: string): void {
    const text = this.#texts.get(path);
    if (text === undefined) return;
    this.#texts.delete(path);
    if (this.#paths.get(text) === path) this.#paths.delete(text);
  }
}

/** Returns whether a path is in one of these folders. If a folder could not be read, nothing is known of the files in it. */
export function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path.startsWith(`${folder}/`));
}
