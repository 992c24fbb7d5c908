import type { Message, TourAction } from './model.ts';

export type TourMessage = Extract<Message, { readonly kind: 'tour' | 'done' }>;

/** What plays beside the screen, says where it is, and has keys of its own. Nothing here blocks or throws. */
export interface ScreenTour {
  onMessage(listener: (message: TourMessage) => void): void;
  /** What comes of it is told as a message. */
  perform(action: TourAction): void;
}
