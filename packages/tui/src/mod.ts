export { openScreenClient } from './client/open-screen-client.ts';
export type { Tour, TourAction } from './model/model.ts';
export type { ScreenTour, TourMessage } from './model/screen-tour.ts';
export type { FolderLook, Offer, Starter, TypedFolders } from './model/starter.ts';
export { showScreen } from './show-screen.ts';
