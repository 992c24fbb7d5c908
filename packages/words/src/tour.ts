/** The scenes of the tour: its steps, and then what its user does to the storage. */
export type Scene =
  | 'recording'
  | 'copying'
  | 'outage'
  | 'back'
  | 'closing'
  | 'yours'
  | 'gone'
  | 'returned'
  | 'wrong'
  | 'adopted'
  | 'swapped';

/** The texts of a scene. Those in a list say the same, the longest first. */
interface Words {
  /** The step, from 1 to `tourSteps`. */
  readonly step: number;
  /** What happens. */
  readonly shows: readonly string[];
  /** What there is to see or to try. */
  readonly hints: readonly string[];
}

/** The number of steps. */
export const tourSteps = 6;

/** Texts of every scene for rows of 120, 80 and 40 columns: the first that fits is shown, after `TOUR 3/6`. */
export const tourWords: Readonly<Record<Scene, Words>> = {
  recording: {
    step: 1,
    shows: [
      'recorders write into a folder; Sluice waits until a file stops changing, or grows like a recording',
      'recorders write into a folder; Sluice finds every file',
      'recorders write files',
    ],
    hints: ['The tour takes a minute and runs by itself. Look around meanwhile; ? shows the keys.', 'It runs by itself; ? shows the keys.'],
  },
  copying: {
    step: 2,
    shows: [
      'Sluice copies files and reads them back; it copies cam-c.mxf while it is still being recorded',
      'Sluice copies files; cam-c.mxf while it is still recorded',
      'copying, the growing one too',
    ],
    hints: [
      'DONE, verified means: read back past the cache, and every byte is the same as at the source.',
      'DONE means: read back, and every byte is the same.',
    ],
  },
  outage: {
    step: 3,
    shows: [
      'the storage is offline: both copies failed at once; new copies wait until it is back',
      'the storage is offline: copies failed, new copies wait',
      'offline: failed, waiting',
    ],
    hints: ['Enter on one of them shows its history. The recorders continue; nothing is lost.', 'Enter on one of them shows its history.'],
  },
  back: {
    step: 4,
    shows: [
      'the storage is back: Sluice copies what waited under a new name, without a command',
      'the storage is back: Sluice copies what waited',
      'it is back: copying again',
    ],
    hints: [
      'cam-c_1.mxf is next to the first attempt, which people may already edit from; Sluice never replaces a file.',
      'cam-c_1.mxf is next to the first attempt; no file is replaced.',
    ],
  },
  closing: {
    step: 5,
    shows: [
      'the recorders close their files: Sluice reads them again, corrects what was rewritten, and verifies',
      'the recorders close: Sluice corrects what they rewrote',
      'closed: every byte verified',
    ],
    hints: [
      'A recorder rewrites its header when it closes the file. Sluice corrects the copy.',
      'Recorders rewrite headers when they close.',
    ],
  },
  yours: {
    step: 6,
    shows: [
      'every file is copied and verified. Now you: B breaks the storage, W inserts a wrong disk, N records',
      'everything is copied and verified. Now you: B, W and N',
      'your turn: B, W and N',
    ],
    hints: [
      'Press N, then B during its copy. Enter opens a file, h holds the route, 6 History. q ends and compares all bytes.',
      'Press N, then B during its copy. q ends and compares all bytes.',
    ],
  },
  gone: {
    step: 6,
    shows: [
      'you took the storage away: the running copies failed, and new copies wait. B brings it back',
      'you took the storage away: B brings it back',
      'offline: B brings it back',
    ],
    hints: ['N starts another recording meanwhile; its file waits.', 'N starts another recording.'],
  },
  returned: {
    step: 6,
    shows: [
      'the storage is back: Sluice copies what waits, without a command',
      'the storage is back: Sluice copies what waits',
      'storage back: copying',
    ],
    hints: ['Tab 5 shows what is done, 6 the outages. q ends the tour and compares all bytes.', 'q ends the tour and compares all bytes.'],
  },
  wrong: {
    step: 6,
    shows: [
      'another disk is in the place of the storage: Sluice writes nothing to it',
      'a wrong disk: Sluice writes nothing to it',
      'wrong disk: a adopts, W ends',
    ],
    hints: [
      'a shows the evidence, then asks for the route name; Esc changes nothing. W puts the right disk back.',
      'a shows the evidence, Esc changes nothing. W removes the disk.',
    ],
  },
  adopted: {
    step: 6,
    shows: [
      'you adopted the other disk as the storage: Sluice copies new files there now',
      'you adopted the other disk: new files go there',
      'adopted: new files go there',
    ],
    hints: [
      'W puts the first disk back; for Sluice that is the wrong disk now, until you adopt it again.',
      'W puts the first disk back: now the wrong one.',
    ],
  },
  swapped: {
    step: 6,
    shows: [
      'the first disk is back, but you adopted the other one: now this is the wrong disk',
      'the first disk is back; you adopted the other one',
      'now this is the wrong disk',
    ],
    hints: ['a adopts it again, W returns to the one you adopted.', 'a adopts it again, W swaps them.'],
  },
};
