// A child that sends whatever its init lists, without the protocol around it.
import process from 'node:process';

interface Told {
  readonly init: readonly unknown[];
}

process.on('message', ({ init }: Told) => {
  for (const message of init) {
    try {
      process.send?.(message);
    } catch {
      // A message that the channel does not accept was not sent.
    }
  }
});
