export { openScreenClient } from './client/open-screen-client.ts';
export type { Tour, TourAction } from './model/model.ts';
export type { FolderLook, Offer, Starter, TypedFolders } from './model/starter.ts';
export type { ScreenTour, TourMessage } from './model/tour.ts';
export { showScreen } from './show-screen.ts';
