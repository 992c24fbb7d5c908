import { type FileIdentity, identityOf, identityText } from '../model/ids.ts';

/** Which file has a source path, of a file that is not copied yet; null: not known. */
export function sourceIdentity({ identities }: { readonly identities: ReadonlyMap<string, string> }, source: string): FileIdentity | null {
  const text = identities.get(source);
  return text === undefined ? null : identityOf(text);
}

/** Which file has which path at the source, both ways. Of two paths of one file the last one counts. */
export interface SourceFiles {
  /** @returns the path at which the intake saw this file last; null: at none */
  pathOf(identity: FileIdentity): string | null;
  /** @returns which file has this path, as `identityText`; null: not known */
  textOf(path: string): string | null;
  /** @param text null: its filesystem may make up inode numbers */
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

/** Whether a path lies in one of these folders. Of a file in a folder that could not be read nothing can be said. */
export function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path.startsWith(`${folder}/`));
}
