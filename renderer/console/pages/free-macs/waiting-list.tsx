import { useMemo, useState } from 'preact/hooks';
import type { WaitingPanel } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { Filter, type Tab } from '../../parts/filter.tsx';
import { Notice } from '../../parts/notice.tsx';
import { ShowMore, useFirst } from '../../parts/show-more.tsx';
import { useConsole } from '../../state/console.ts';
import { count, panels as panelsWords } from '../../words.ts';
import { type Deed, PanelCard } from './panel-card.tsx';
import { isConfirmable, isTurnedAway, searchPanels } from './waiting.ts';

type Show = 'waiting' | 'registered' | 'turned-away';
/** With more than this many, reading through the list is work. */
const SEARCHABLE = 3;
const STEP = 20;

type WaitingListProps = {
  panels: readonly WaitingPanel[];
  isWanted: (panel: WaitingPanel) => boolean;
  onAsk: (deed: Deed, panel: WaitingPanel) => void;
  onConfirmMany: () => void;
};

export function WaitingList({ panels, isWanted, onAsk, onConfirmMany }: WaitingListProps) {
  const { now } = useConsole();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<Show | null>(null);
  const lists = useMemo(() => {
    const waiting = panels.filter(panel => !isTurnedAway(panel));
    return {
      waiting,
      registered: waiting.filter(panel => panel.registration !== null),
      'turned-away': panels.filter(isTurnedAway),
    };
  }, [panels]);
  // Where the panel one came for is; else where there is something at all.
  const wanted = panels.find(isWanted);
  const usual: Show = (wanted ? isTurnedAway(wanted) : lists.waiting.length === 0) ? 'turned-away' : 'waiting';
  const show = chosen ?? usual;
  const found = useMemo(() => {
    const fitting = searchPanels(lists[show], typed);
    return wanted && fitting.includes(wanted) ? [wanted, ...fitting.filter(panel => panel !== wanted)] : fitting;
  }, [lists, show, typed, wanted]);
  const { shown, more } = useFirst(found, STEP, `${show} ${typed}`);
  const confirmable = lists.registered.filter(panel => isConfirmable(panel, now.value)).length;
  const tabs: Tab<Show>[] = [
    { value: 'waiting', label: 'Waiting', count: lists.waiting.length },
    { value: 'registered', label: 'Registered', count: lists.registered.length },
    { value: 'turned-away', label: 'Rejected or revoked', count: lists['turned-away'].length },
  ];
  return (
    <>
      {confirmable > 1 && (
        <Notice tone="info" action={<Button onPress={onConfirmMany}>Compare and confirm</Button>}>
          {panelsWords(confirmable)} {count(confirmable, { one: 'was', other: 'were' })} registered beforehand and show
          a valid code.
        </Notice>
      )}
      {panels.length > SEARCHABLE && (
        <Filter
          label="Find by code, words, MAC or name"
          name="find"
          typed={typed}
          onType={setTyped}
          tabs={tabs}
          tab={show}
          onTab={setChosen}
        />
      )}
      {found.length === 0 && (
        <p class="nothing" role="status">
          {typed === '' && show === 'registered' ? 'No registered panel waits.' : 'No panel fits.'}
        </p>
      )}
      <ul class="panels">
        {shown.map(panel => (
          <PanelCard key={panel.panel} panel={panel} isWanted={isWanted(panel)} onAsk={onAsk} />
        ))}
      </ul>
      <ShowMore {...more} what={panelsWords} />
    </>
  );
}
