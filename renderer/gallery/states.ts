import { bookings } from './fixtures/bookings.ts';
import type { GalleryState } from './fixtures/build.ts';
import { extremes } from './fixtures/extremes.ts';
import { find } from './fixtures/find.ts';
import { looks } from './fixtures/looks.ts';
import { rooms } from './fixtures/rooms.ts';
import { service } from './fixtures/service.ts';
import { setUp } from './fixtures/set-up.ts';
import { trust } from './fixtures/trust.ts';

/** Every screen of the panel in every state. */
export const galleryStates: readonly GalleryState[] = [
  ...rooms,
  ...trust,
  ...bookings,
  ...find,
  ...extremes,
  ...setUp,
  ...service,
  ...looks([...rooms, ...trust, ...bookings, ...find, ...extremes, ...setUp, ...service]),
];

/** Their names, for whoever visits them all: each stands at `#/name`. */
export const galleryStateNames: readonly string[] = galleryStates.map(state => state.name);
