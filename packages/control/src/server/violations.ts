/** Reports clients that violate the protocol, in few lines: the first at once, the others as a number. */
export interface Troubles {
  report(what: string): void;
  /** Reports those that were only counted so far. */
  end(): void;
}

/** @param everyMs between two reports, in milliseconds */
export function createTroubles(onTrouble: (message: string) => void, everyMs: number): Troubles {
  let newest = '';
  let count = 0;
  let timer: NodeJS.Timeout | null = null;
  const flush = (): void => {
    timer = null;
    if (count === 0) return;
    onTrouble(`${newest}; and ${count - 1} more since the last line of this kind`);
    count = 0;
    pause();
  };
  const pause = (): void => {
    timer = setTimeout(flush, everyMs).unref();
  };
  return {
    report(what) {
      if (timer === null) {
        onTrouble(what);
        pause();
        return;
      }
      newest = what;
      count += 1;
    },
    end() {
      if (timer !== null) clearTimeout(timer);
      flush();
      if (timer !== null) clearTimeout(timer);
    },
  };
}
