import { spawn, spawnSync } from 'node:child_process';
import type { Recording } from './recorder.ts';

/** Formats that recorders write. In all of them the header is rewritten when the file is closed. */
export type Format = 'mxf' | 'mov' | 'wav';

/** Whether ffmpeg is installed. It is reported once when a test is skipped because of it; tests install nothing. */
export const hasFfmpeg: boolean = spawnSync('ffmpeg', ['-version'], { stdio: 'ignore' }).status === 0;

/** A moving picture and a tone, read at the speed of a live input. DV has one rate for any picture: 3.7 MB/s. */
const live = (source: string): readonly string[] => ['-re', '-f', 'lavfi', '-i', source];
const picture = [...live('testsrc=size=720x576:rate=25'), ...live('sine=frequency=440:sample_rate=48000')];
const dv = ['-pix_fmt', 'yuv420p', '-c:v', 'dvvideo', '-c:a', 'pcm_s16le'];

const recipes: Readonly<Record<Format, readonly string[]>> = {
  mxf: [...picture, ...dv, '-f', 'mxf'],
  mov: [...picture, ...dv, '-f', 'mov'],
  // Eight channels of 192 kHz in 24 bits: 4.6 MB/s.
  wav: [...live('anoisesrc=sample_rate=192000:seed=1'), '-ac', '8', '-c:a', 'pcm_s24le', '-f', 'wav'],
};

/** A recording that is never ended must not fill the disk. */
const maxSeconds = 60;

/** Records with ffmpeg in real time into a new file, until it is ended as from the keyboard. */
export function recordWithFfmpeg(format: Format, path: string): Recording {
  const args = ['-hide_banner', '-loglevel', 'error', '-n', ...recipes[format], '-t', String(maxSeconds), path];
  const child = spawn('ffmpeg', args, { stdio: ['pipe', 'ignore', 'pipe'] });
  // It may have ended by itself.
  child.stdin.on('error', () => undefined);
  let complaints = '';
  let isOver = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const done = new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      isOver = true;
      if (code === 0) resolve();
      else reject(new Error(`ffmpeg ended with ${code}: ${complaints}`));
    });
  });
  const end = (): Promise<void> => {
    child.stdin.end('q');
    return done;
  };
  return { isOver: () => isOver, done, end };
}
