import * as assert from 'uvu/assert';
import type { Content } from '../../fakes/source-calls.ts';
import type { ClaimOn } from '../claim.ts';

/** An open file of a destination under test. It remains the same file whatever happens to its name. */
export interface FileUnderTest {
  /** Makes this its whole content. @throws ENOSPC if it does not fit; what fits is written */
  write(content: Content): Promise<void>;
  sync(): Promise<void>;
  sizeBytes(): Promise<number>;
  close(): Promise<void>;
}

/** What a stat of a name shows. */
export interface SeenUnderTest {
  readonly sizeBytes: number;
  /** The same for two names of one file, and different for any two files that exist. */
  readonly identity: string;
}

/**
 * The calls that a real folder and a simulated one have in common. A refused call rejects with an error that has an errno name as
 * `code`.
 */
export interface DestinationUnderTest {
  /** Creates a file exclusively. @throws EEXIST */
  create(name: string): Promise<FileUnderTest>;
  /** Null: no file has this name. */
  stat(name: string): Promise<SeenUnderTest | null>;
  /** Returns whether the file has exactly these bytes. */
  holds(name: string, content: Content): Promise<boolean>;
  /** Gives a file a second name. @throws EEXIST if `to` is taken */
  link(from: string, to: string): Promise<void>;
  /** Replaces the file with the name `to`. @throws ENOENT */
  rename(from: string, to: string): Promise<void>;
  /** Removes a name. @throws ENOENT */
  unlink(name: string): Promise<void>;
  /** Creates a file that is not Sluice's. */
  putForeign(name: string, content: Content): Promise<void>;
  /** All names, sorted. */
  names(): Promise<readonly string[]>;
  freeBytes(): Promise<number | null>;
  setReadOnly(isReadOnly: boolean): void;
  end(): Promise<void>;
}

/** The properties of a destination on which tests depend. */
export interface DestinationAbilities {
  /** It has a few megabytes of space that only the test uses. */
  readonly hasOwnRoom: boolean;
  readonly canBeReadOnly: boolean;
}

/** Defines a test with a new, empty destination, which is removed afterwards. */
export type Claim = ClaimOn<DestinationUnderTest>;

/** The content that most tests write. */
export const small: Content = { sizeBytes: 10_000, stamp: 'small' };
/** Content of another size. */
export const other: Content = { sizeBytes: 7_000, stamp: 'other' };

/** Creates, writes, syncs and closes. */
export async function put(under: DestinationUnderTest, name: string, content: Content): Promise<void> {
  const file = await under.create(name);
  await file.write(content);
  await file.sync();
  await file.close();
}

/** Asserts that a call rejects with this errno name. */
export async function refusedWith(code: string, work: () => Promise<unknown>): Promise<void> {
  let seen = 'done';
  try {
    await work();
  } catch (error) {
    seen = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
  assert.is(seen, code);
}

/** Asserts that exactly these names exist, each with its content. */
export async function hasOnly(under: DestinationUnderTest, files: Readonly<Record<string, Content>>): Promise<void> {
  assert.equal(await under.names(), Object.keys(files).sort());
  for (const [name, content] of Object.entries(files)) {
    assert.is((await under.stat(name))?.sizeBytes, content.sizeBytes, `size of ${name}`);
    assert.ok(await under.holds(name, content), `${name} holds something else than ${content.stamp}`);
  }
}

/** Returns whether two names are those of one file. */
export async function areOneFile(under: DestinationUnderTest, one: string, another: string): Promise<boolean> {
  const [a, b] = [await under.stat(one), await under.stat(another)];
  assert.ok(a !== null && b !== null, `${one} and ${another} are both there`);
  return a?.identity === b?.identity;
}
