import { useMemo } from 'preact/hooks';
import type { RoomRow, UseOfRooms } from '../../../../src/contract/wire/console.ts';
import { ShowMore } from '../../parts/show-more.tsx';
import { rooms as roomsWords } from '../../words.ts';
import { RoomFilters } from './filters.tsx';
import { byName, narrowed, type RoomFilter, shownAs } from './room-filter.ts';
import { RoomTable, type UseByRoom } from './table.tsx';

/** What somebody was looking at, kept while they look at one room. */
export type ListView = { filter: RoomFilter; limit: number };
/** Two screens full; thousands of rows at once would make every key slow. */
export const STEP = 60;

type RoomListProps = {
  rooms: readonly RoomRow[];
  use: UseOfRooms | null;
  isUseRead: boolean;
  view: ListView;
  onView: (view: ListView) => void;
};

export function RoomList({ rooms, use, isUseRead, view, onView }: RoomListProps) {
  const sorted = useMemo(() => rooms.toSorted(byName), [rooms]);
  const byRoom = useMemo<UseByRoom>(
    () => ({ of: new Map(use?.rooms.map(each => [each.room, each])), isReading: !isUseRead }),
    [use, isUseRead],
  );
  const { filter, limit } = view;
  const found = useMemo(() => shownAs(narrowed(sorted, filter), filter.show), [sorted, filter]);
  const shown = found.slice(0, limit);
  return (
    <>
      <RoomFilters rooms={sorted} filter={filter} onChange={next => onView({ filter: next, limit: STEP })} />
      {found.length > 0 ? (
        <RoomTable rooms={shown} use={byRoom} />
      ) : (
        <p class="nothing" role="status">
          {filter.typed === '' && filter.show === 'attention' ? 'Every room is well.' : 'No room fits.'}
        </p>
      )}
      <ShowMore
        shown={shown.length}
        total={found.length}
        step={STEP}
        what={roomsWords}
        onMore={() => onView({ filter, limit: limit + STEP })}
      />
    </>
  );
}
