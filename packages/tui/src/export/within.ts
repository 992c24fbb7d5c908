/** What was waited for did not come in time. */
export class Overdue extends Error {}

/**
 * What comes of it within so many milliseconds; what comes later is nobody's business any more.
 *
 * @throws Overdue
 */
export async function within<Of>(work: Promise<Of>, ms: number): Promise<Of> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Overdue(`not within ${ms} ms`)), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
