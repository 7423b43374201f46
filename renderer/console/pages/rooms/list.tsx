import { useMemo } from 'preact/hooks';
import type { RoomRow, UseOfRooms } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { ShowMore } from '../../parts/show-more.tsx';
import { rooms as roomsWords } from '../../words.ts';
import { RoomFilters } from './filters.tsx';
import { byName, NO_FILTER, narrowed, type RoomFilter, shownAs } from './room-filter.ts';
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
  const isAllWell = filter.typed === '' && filter.show === 'attention';
  function clear() {
    onView({ filter: NO_FILTER, limit: STEP });
    // The button goes with what it cleared.
    document.querySelector<HTMLElement>('.room-filters [type=search]')?.focus();
  }
  return (
    <>
      <RoomFilters rooms={sorted} filter={filter} onChange={next => onView({ filter: next, limit: STEP })} />
      {found.length > 0 ? (
        <RoomTable rooms={shown} use={byRoom} />
      ) : (
        <div class="nothing">
          <p role="status">{isAllWell ? 'Every room is well.' : 'No room fits.'}</p>
          {!isAllWell && <Button onPress={clear}>Clear filters</Button>}
        </div>
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
