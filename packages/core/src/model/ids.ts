declare const brand: unique symbol;

/** A string that was made for one purpose and cannot be handed over for another. */
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** UUIDv4 of one tracked file: ONE attempt to copy ONE source file. Never reused. */
export type FileId = Branded<'FileId'>;
/** UUIDv4 of one run of a tracked file through a carrier. It identifies late reports. */
export type CopyId = Branded<'CopyId'>;
/** UUIDv4 of one probe. */
export type ProbeId = Branded<'ProbeId'>;
/** UUIDv4 of one full listing of a source. */
export type ListingId = Branded<'ListingId'>;
/** UUIDv4 of one check of named source paths. */
export type CheckId = Branded<'CheckId'>;
/** UUIDv4 of one order to remove leftovers. */
export type SweepId = Branded<'SweepId'>;
/** UUIDv4 of one step of a removal at a source. */
export type RemovalId = Branded<'RemovalId'>;
/** A route's name, as configured; it is also the name of its one source and its one destination. */
export type RouteName = Branded<'RouteName'>;

/** Returns the first eight hex digits, which are used in file names and on the screen. */
export function id8(id: FileId): string {
  return id.slice(0, 8);
}

/** Brands a text as the id of a file. */
export const fileId = (text: string): FileId => text as FileId;
/** Brands a text as the id of a copy. */
export const copyId = (text: string): CopyId => text as CopyId;
/** Brands a text as the id of a probe. */
export const probeId = (text: string): ProbeId => text as ProbeId;
/** Brands a text as the id of a listing. */
export const listingId = (text: string): ListingId => text as ListingId;
/** Brands a text as the id of a check. */
export const checkId = (text: string): CheckId => text as CheckId;
/** Brands a text as the id of a sweep. */
export const sweepId = (text: string): SweepId => text as SweepId;
/** Brands a text as the id of a step of a removal. */
export const removalId = (text: string): RemovalId => text as RemovalId;
/** Brands a text as the name of a route. */
export const routeName = (text: string): RouteName => text as RouteName;

/** The properties that change with the content of a source file. */
export interface Fingerprint {
  readonly sizeBytes: number;
  /** Nanoseconds since the epoch, decimal: JSON has no 64-bit integers. */
  readonly mtimeNs: string;
}

/** Returns whether two fingerprints are equal. */
export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  return a.sizeBytes === b.sizeBytes && a.mtimeNs === b.mtimeNs;
}

/** Identifies a file independently of its name, while its filesystem is mounted and only if that has real inode numbers. */
export interface FileIdentity {
  readonly device: string;
  readonly inode: string;
}

/** Returns whether these are known to be two files. */
export function isOtherFile(a: FileIdentity | null, b: FileIdentity | null): boolean {
  return a !== null && b !== null && (a.device !== b.device || a.inode !== b.inode);
}

/** Returns an identity as it is stored and compared. `join` makes one piece of it, which takes less memory than what `+` makes. */
export function identityText({ device, inode }: FileIdentity): string {
  return [device, inode].join(':');
}

/** @param text of `identityText` */
export function identityOf(text: string): FileIdentity {
  const end = text.indexOf(':');
  return { device: text.slice(0, end), inode: text.slice(end + 1) };
}
