import type { Fingerprint, SourceEntry } from '@sluice/core/model';

/** Content without bytes: two contents are equal if size and stamp are. */
export interface Content {
  readonly sizeBytes: number;
  readonly stamp: string;
}

/** How the simulated source behaves. `empty`: it lists as empty, like the folder of a disk that is not mounted. */
export type SourceWeather = 'good' | 'missing' | 'empty' | 'unreadable' | 'silent';

/** An open source file: it can still be read after its name is removed. */
export interface OpenSource {
  readonly inode: string;
  content(): Content;
  fingerprint(): Fingerprint;
}

/** The calls that a carrier and an intake may make. None of them changes anything. */
export interface ReadableSource {
  /** @returns an errno name if the file cannot be reached or read, else null */
  trouble(path: string): string | null;
  weather(): SourceWeather;
  whenAnswering(work: () => void): void;
  open(path: string): OpenSource | null;
  inode(path: string): string | null;
  content(path: string): Content | null;
  fingerprint(path: string): Fingerprint | null;
  /** Returns the listing without empty files, like the rules of the intake. */
  entries(): SourceEntry[];
  paths(): string[];
  /** Returns the content of the last file with this name, when it last existed. */
  lastContent(path: string): Content | null;
  isRecording(path: string): boolean;
  /** Returns the hidden names, which a full listing reports. */
  asides(): string[];
}

/** A call of a remover that alters the source. */
export type Alteration = 'rename' | 'link' | 'unlink';

/** A file as a remover sees it. */
export interface AsideFile {
  readonly inode: string;
  readonly fingerprint: Fingerprint;
  /** When its bytes, its times or its names were last changed, in whole milliseconds. */
  readonly changedMs: number;
  /** Differs after every change, like the exact time of it. Decimal. */
  readonly changeNs: string;
}

/** A source with the additional calls of a remover. Each call that alters something returns an errno name, or null if it was done. */
export interface RemovableSource extends ReadableSource {
  /** Returns the file with this name. Null: there is none. */
  present(path: string): AsideFile | null;
  /** Gives a file a hidden name, which replaces a hidden file of that name. */
  putAside(path: string, as: string): string | null;
  aside(name: string): AsideFile | null;
  /** Gives a file a hidden name too. */
  linkAside(path: string, as: string): string | null;
  /** Gives a hidden file its name back, and keeps the hidden name. Nothing happens if another file has the name. */
  linkBack(name: string, path: string): string | null;
  /** Removes a hidden name, and its file if that was its last name. */
  discard(name: string): string | null;
  /**
   * Removes the hidden name of a file that has its path again. If the file has lost its path since, another program has removed or
   * replaced it there, so this removes nothing that anybody kept.
   */
  endLink(name: string): string | null;
  /** Returns whether a call that alters something hangs if it is made now. If so, it uses up `hangNext`. */
  isNextHung(call: Alteration): boolean;
  whenLetGo(work: () => void): void;
}
