import { useId, useMemo } from 'preact/hooks';
import type { RoomRow } from '../../../../src/contract/wire/console.ts';
import { plainText } from '../../../ui/plain-text.ts';
import { Button } from '../../parts/button.tsx';
import { Filter, type Tab } from '../../parts/filter.tsx';
import { choicesOf, filtersSet, NO_FILTER, narrowed, type RoomFilter, type Show, shownAs } from './room-filter.ts';

type RoomFiltersProps = { rooms: readonly RoomRow[]; filter: RoomFilter; onChange: (filter: RoomFilter) => void };

/** The search, the usual questions, and behind them building, floor, seats, equipment and connection. */
export function RoomFilters({ rooms, filter, onChange }: RoomFiltersProps) {
  const choices = useMemo(() => choicesOf(rooms, filter.building), [rooms, filter.building]);
  const found = useMemo(() => narrowed(rooms, filter), [rooms, filter]);
  const tabs = useMemo(() => {
    const tab = (value: Show, label: string): Tab<Show> => ({ value, label, count: shownAs(found, value).length });
    return [
      tab('all', 'All'),
      tab('attention', 'Needs attention'),
      tab('no-panel', 'No panel'),
      tab('missing', 'Missing'),
    ];
  }, [found]);
  const set = (change: Partial<RoomFilter>) => onChange({ ...filter, ...change });
  const active = filtersSet(filter);
  return (
    <div class="room-filters">
      <Filter
        label="Find a room"
        name="find"
        typed={filter.typed}
        onType={typed => set({ typed })}
        tabs={tabs}
        tab={filter.show}
        onTab={show => set({ show })}
      />
      <div class="room-filters-more">
        {choices.buildings.length > 0 && (
          <Choice
            label="Building"
            any="Any building"
            options={choices.buildings.map(name => ({ id: name, name }))}
            value={filter.building}
            onChange={building => set({ building, floor: '' })}
          />
        )}
        {choices.floors.length > 0 && (
          <Choice
            label="Floor"
            any="Any floor"
            options={choices.floors.map(name => ({ id: name, name }))}
            value={filter.floor}
            onChange={floor => set({ floor })}
          />
        )}
        <Seats value={filter.seats} onChange={seats => set({ seats })} />
        {choices.equipment.length > 0 && (
          <Choice
            label="Equipment"
            any="Any equipment"
            options={choices.equipment.map(name => ({ id: name, name }))}
            value={filter.equipment}
            onChange={equipment => set({ equipment })}
          />
        )}
        {choices.connections.length > 1 && (
          <Choice
            label="Server"
            any="Any server"
            options={choices.connections}
            value={filter.connection}
            onChange={connection => set({ connection })}
          />
        )}
        {active > 0 && (
          <Button
            look="quiet"
            icon="cross"
            onPress={() => onChange({ ...NO_FILTER, typed: filter.typed, show: filter.show })}
          >
            Clear filters
          </Button>
        )}
      </div>
    </div>
  );
}

type ChoiceProps = {
  label: string;
  any: string;
  options: readonly { id: string; name: string }[];
  value: string;
  onChange: (value: string) => void;
};

/** Its first option is its visible name; the label is for the ear. */
const Choice = ({ label, any, options, value, onChange }: ChoiceProps) => (
  <select
    class={value === '' ? 'input room-choice' : 'input room-choice room-choice-set'}
    aria-label={label}
    value={value}
    onChange={event => onChange(event.currentTarget.value)}
  >
    <option value="">{any}</option>
    {options.map(({ id, name }) => (
      <option key={id} value={id}>
        {plainText(name)}
      </option>
    ))}
  </select>
);

function Seats({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const id = useId();
  return (
    <span class="at-least">
      <label for={id}>Seats at least</label>
      <input
        id={id}
        name="seats"
        class="input number"
        inputMode="numeric"
        maxLength={5}
        autocomplete="off"
        value={value}
        onInput={event => onChange(event.currentTarget.value.replaceAll(/\D/g, ''))}
      />
    </span>
  );
}
