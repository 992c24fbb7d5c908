// The whole screen on a real terminal, with an agent that sends only one frame.
import process from 'node:process';
import { showScreen } from '../src/show-screen.ts';
import { outageFrame } from './views/sample-model.ts';

process.exitCode = await showScreen({
  isReadOnly: false,
  hasBell: true,
  openClient: () => ({
    onMessage: (listener) =>
      void setImmediate(() => {
        listener({ kind: 'link', link: { kind: 'connected' } });
        listener({ kind: 'frame', frame: outageFrame() });
      }),
    watchWindow: () => undefined,
    perform: () => undefined,
    close: () => undefined,
  }),
  showStatus: () => {
    process.stdout.write('the status\n');
    return Promise.resolve(7);
  },
});
