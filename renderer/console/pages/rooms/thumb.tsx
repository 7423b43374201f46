import type { RoomRow } from '../../../../src/contract/wire/console.ts';
import { Icon } from '../../parts/icon.tsx';
import { photoUrl } from '../../state/api.ts';

/** The room's picture, small; decoration beside its name. */
export const Thumb = ({ room }: { room: RoomRow }) =>
  room.photo === null ? (
    <span class="thumb thumb-none" aria-hidden="true">
      <Icon name="rooms" />
    </span>
  ) : (
    <img class="thumb" src={photoUrl(room.id, room.photo)} alt="" loading="lazy" decoding="async" />
  );
