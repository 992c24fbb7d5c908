export { openScreenClient } from './client/open-screen-client.ts';
export type { ScreenTour, Tour, TourAction, TourMessage } from './model/model.ts';
export type { SafeAsker } from './model/safe.ts';
export type { FolderCheck, Offer, Starter, TypedFolders } from './model/starter.ts';
export { showScreen } from './show-screen.ts';
