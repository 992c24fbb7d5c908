import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process, { argv, env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { setMainModule } from '@sluice/platform';
import { compileCache } from '@sluice/testkit/compile-cache';
import { runChild } from '../../src/run-child.ts';
import { startChild } from '../../src/start-child.ts';

/** The programs that the tests start: children of several kinds, and a parent with a child. */
const kinds: Readonly<Record<string, () => void>> = {
  echo() {
    runChild<string, string, string>((init, channel) => {
      void channel.send(`init ${init}`);
      channel.onMessage((message) => void channel.send(`${message}!`));
    });
  },
  environment() {
    runChild<null, never, Record<string, string | undefined>>((_init, channel) => void channel.send({ ...env }));
  },
  /** Sends a lot and crashes at once. */
  crash() {
    runChild<number, never, number>((count, channel) => {
      for (let number = 1; number < count; number += 1) void channel.send(number);
      void channel.send(count).then(() => {
        throw new Error('the reason it gave');
      });
    });
  },
  /** Sends messages that no child sends, unchanged. */
  stranger() {
    runChild<unknown, never, string>((init, channel) => {
      void channel.send('right').then(() => {
        process.send?.(init);
        void channel.send('after it');
      });
    });
  },
  busy() {
    runChild<null, never, string>((_init, channel) => {
      channel.setActivity(() => ({ operation: 'read a.mov', side: 'source', sinceMs: 1234 }));
      void channel.send('begun');
    }, 50);
  },
  /** Hangs in a call that never returns: nobody opens the other end of the pipe. */
  hung() {
    runChild<null, never, string>((_init, channel) => {
      const folder = mkdtempSync(join(tmpdir(), 'sluice-child-'));
      const pipe = join(folder, 'pipe');
      execFileSync('mkfifo', [pipe]);
      void open(pipe, 'r');
      setTimeout(() => {
        // The call that is blocked on the pipe stays blocked after the removal.
        rmSync(folder, { recursive: true });
        void channel.send('hung');
      }, 50);
    });
  },
  /** A parent that reports its child's number and is then killed. */
  parent() {
    setMainModule(fileURLToPath(import.meta.url));
    runChild<string, never, number>((kind, channel) => {
      const child = startChild<null, never, string>({
        kind,
        accepts: () => true,
        init: null,
        env: compileCache,
        onMessage: () => void channel.send(child.pid),
        onEnd: () => {},
      });
    });
  },
};

const [word, kind] = argv.slice(2);
if (word !== '__child' || kind === undefined) process.exit(2);
kinds[kind]?.();
// The process ends by SIGKILL. Without this call, the code it compiled would not be kept for the next one. Deno has no such cache.
if (!('Deno' in globalThis)) module.flushCompileCache();
