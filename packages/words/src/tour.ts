/** What is going on: the steps of the tour, and then what its guest makes of the storage. */
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

/** What a scene says; the texts of a list are the same, the longest first. */
interface Words {
  /** 1 to `tourSteps`. */
  readonly step: number;
  /** What happens. */
  readonly shows: readonly string[];
  /** What there is to see or to try. */
  readonly hints: readonly string[];
}

export const tourSteps = 6;

/** Every scene in words for rows of 120, 80 and 40 columns: the first that fits is shown, behind `TOUR 3/6`. */
export const tourWords: Readonly<Record<Scene, Words>> = {
  recording: {
    step: 1,
    shows: [
      'recorders write into the folder; Sluice sees every file and waits until it rests, or grows for good',
      'recorders write into a folder; Sluice sees every file',
      'recorders write a folder full',
    ],
    hints: ['A tour of a minute. It plays by itself; look around meanwhile, ? tells the keys.', 'It plays by itself; ? tells the keys.'],
  },
  copying: {
    step: 2,
    shows: [
      'files are carried and read back; cam-c.mxf is carried while it is still being recorded',
      'files are carried; cam-c.mxf while it is still recorded',
      'carried, the growing one too',
    ],
    hints: [
      'DONE, verified means: read back past the cache, and the same as the source to the last byte.',
      'DONE means: read back, and the same to the last byte.',
    ],
  },
  outage: {
    step: 3,
    shows: [
      'the storage is gone: both copies failed at once, were found again, and wait for it',
      'the storage is gone: copies failed, were found again, and wait',
      'storage gone: failed, waiting',
    ],
    hints: ['Enter on one of them tells its story. The recorders go on; nothing is lost.', 'Enter on one of them tells its story.'],
  },
  back: {
    step: 4,
    shows: [
      'the storage is back: what waited is carried afresh, under a name of its own, without a hand',
      'the storage is back: what waited is carried afresh',
      'it is back: carried afresh',
    ],
    hints: [
      'cam-c_1.mxf stands beside what people may already edit from; nothing is ever replaced.',
      'cam-c_1.mxf stands beside the first try; nothing is replaced.',
    ],
  },
  closing: {
    step: 5,
    shows: [
      'the recorders close their files: Sluice reads the source again, finds what was rewritten, and proves the rest',
      'the recorders close: what they rewrote is found and proven',
      'closed: every byte is proven',
    ],
    hints: [
      'A recorder rewrites its header when it closes. What was carried by then is corrected.',
      'Recorders rewrite headers at the close.',
    ],
  },
  yours: {
    step: 6,
    shows: [
      'every file is carried and proven. Now you: B breaks the storage, W puts in a wrong disk, N records',
      'all is carried and proven. Now you: B, W and N',
      'your turn: B, W and N',
    ],
    hints: [
      'N first, then B in the middle of it. Enter a file, h hold the route, 6 History. q ends the tour with the proof.',
      'Press N, then B in the middle of it. q ends the tour with the proof.',
    ],
  },
  gone: {
    step: 6,
    shows: [
      'you took the storage away: what was being carried failed and waits. B gives it back',
      'you took the storage away: B gives it back',
      'storage gone: B gives it back',
    ],
    hints: ['N records on meanwhile; its files wait.', 'N records on meanwhile.'],
  },
  returned: {
    step: 6,
    shows: [
      'the storage is there again: what waits is carried by itself',
      'the storage is there: what waits is carried by itself',
      'storage back: it is carried',
    ],
    hints: ['Tab 5 shows what is done, 6 the outages. q ends the tour with the proof.', 'q ends the tour with the proof.'],
  },
  wrong: {
    step: 6,
    shows: [
      'the disk of somebody else is in the place of the storage: Sluice writes nothing to it',
      'the disk of somebody else: nothing is written to it',
      'a wrong disk: a asks, W ends',
    ],
    hints: [
      'a shows the evidence and asks for the name of the route; Esc or a wrong name changes nothing. W puts the right disk back.',
      'a shows the evidence, Esc changes nothing. W takes it out again.',
    ],
  },
  adopted: {
    step: 6,
    shows: [
      'you said that the other disk is the storage: new files go there now',
      'you adopted the other disk: new files go there now',
      'adopted: new files go there',
    ],
    hints: [
      'W puts the first disk back; to Sluice it is the wrong one then, until you adopt that again.',
      'W puts the first disk back: the wrong one, by now.',
    ],
  },
  swapped: {
    step: 6,
    shows: [
      'the first disk is back, but you had adopted the other: now this is the wrong one',
      'the first disk is back; by your word it is the wrong one',
      'now this is the wrong disk',
    ],
    hints: ['a adopts it back, W returns to the one you adopted.', 'a adopts it back, W swaps again.'],
  },
};
