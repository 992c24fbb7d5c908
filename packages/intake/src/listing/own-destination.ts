import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { markerBytesLimit, markerIn, markerName } from '@sluice/core/marker';
import type { FolderBelow, Name } from '@sluice/platform';

// A link, a pipe or a device with the marker's name is not a marker, and must not block the listing.
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** What is known about this agent's destinations. */
export interface OwnDestinations {
  /** UUIDs in their markers. A folder with such a marker is left alone. */
  readonly ownMarkers?: ReadonlySet<string>;
  /** Called before each call to the storage, because silence is measured for a call and not for a listing, which may take long. */
  readonly onCall?: () => void;
}

/**
 * Returns whether a folder in the source is a destination of this agent's routes. What is copied from there would be copied again,
 * endlessly. Anybody who can write to the source can create a marker, so an empty, foreign or unreadable marker hides nothing.
 */
export async function isOwnDestination(folder: Pick<FolderBelow, 'pathOf'>, { ownMarkers, onCall }: OwnDestinations): Promise<boolean> {
  if (ownMarkers === undefined || ownMarkers.size === 0) return false;
  onCall?.();
  const marker = await readMarkerOf(folder.pathOf(markerName)).catch(() => null);
  return marker !== null && ownMarkers.has(marker);
}

async function readMarkerOf(path: Name): Promise<string | null> {
  const file = await open(path, flags);
  try {
    if (!(await file.stat()).isFile()) return null;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(markerBytesLimit), 0, markerBytesLimit, 0);
    return markerIn(buffer.toString('utf8', 0, bytesRead));
  } finally {
    await file.close();
  }
}
