/**
 * What Node is started with, from the sources and in the executable. V8 lets the room for young objects grow to 64 MB thrice:
 * memory that an agent never needs, and pauses of 50 to 70 ms where much of it survives. With 8 MB none is longer than 13 ms.
 */
export const flags = ['--max-semi-space-size=8'];
