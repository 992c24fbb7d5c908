/** The event that reports what changed in a window since the last one. */
export const screenMethod = 'screen';

/** The event that precedes the end of a connection. */
export const goodbyeMethod = 'goodbye';
