export { withinReach } from './full-view.ts';
export type { Look } from './picture.ts';
export { render } from './render.ts';
export { rowAt } from './row-at.ts';
