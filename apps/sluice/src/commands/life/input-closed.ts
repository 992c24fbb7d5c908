import process from 'node:process';

/**
 * Calls back once, when standard input ends or is closed: whoever started this program wants it to end, or is gone. What is written
 * there is not looked at. Where there is none, it is closed.
 *
 * @returns stops waiting for it, so that it keeps the program from ending no longer
 */
export function onInputClosed(closed: () => void): () => void {
  const { stdin } = process;
  let isOver = false;
  const once = (): void => {
    if (isOver) return;
    isOver = true;
    closed();
  };
  stdin.on('end', once).on('close', once).on('error', once).resume();
  return () => {
    isOver = true;
    stdin.destroy();
  };
}
