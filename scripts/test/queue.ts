import type { TestFile } from './test-file.ts';

/** Executables under construction. */
export interface Executables {
  readonly areNeededBy: (file: TestFile) => boolean;
  /** Variables for the test processes, with the paths of the executables. */
  readonly built: Promise<Readonly<Record<string, string>>>;
}

/** A file that begins, or one that cannot. */
interface Next {
  readonly file: TestFile;
  /** The same object for all files that can share a process. */
  readonly variables: Readonly<Record<string, string>>;
  /** With what the construction of its executable ended. Null: nothing prevents the file from running. */
  readonly trouble: unknown;
}

/** What a process gets for files that run no executable. */
export const noVariables: Readonly<Record<string, string>> = {};

/** The files that have not begun, in the order in which they begin. Those whose executable is still being built let others pass. */
export class Queue {
  private readonly waiting: TestFile[];
  private readonly executables: Executables | null;
  private isBuilt = false;

  constructor(files: readonly TestFile[], executables: Executables | null) {
    this.waiting = [...files];
    this.executables = executables;
    executables?.built.then(
      () => {
        this.isBuilt = true;
      },
      // It is reported with the files that need the executable.
      () => undefined,
    );
  }

  /** Returns the next file, after waiting for the executables if no other file is left. Null: none is left. */
  async take(): Promise<Next | null> {
    const ready = this.isBuilt ? 0 : this.waiting.findIndex((file) => !this.needsExecutable(file));
    const [file] = this.waiting.splice(Math.max(ready, 0), 1);
    if (file === undefined) return null;
    if (this.executables === null || !this.needsExecutable(file)) return { file, variables: noVariables, trouble: null };
    try {
      return { file, variables: await this.executables.built, trouble: null };
    } catch (trouble) {
      return { file, variables: noVariables, trouble };
    }
  }

  private needsExecutable(file: TestFile): boolean {
    return this.executables?.areNeededBy(file) === true;
  }
}
