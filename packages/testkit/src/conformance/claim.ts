import { test } from 'uvu';

/** Defines a test with a new subject, which ends with it. */
export type ClaimOn<Under> = (what: string, work: (under: Under) => Promise<void> | void) => void;

/** Returns the claims of a conformance suite, whose tests have `name` before them. @param open creates a subject */
export function claimsOf<Under extends { end(): Promise<void> | void }>(name: string, open: () => Promise<Under> | Under): ClaimOn<Under> {
  return (what, work) => {
    test(`${name}: ${what}`, async () => {
      const under = await open();
      try {
        await work(under);
      } finally {
        await under.end();
      }
    });
  };
}
