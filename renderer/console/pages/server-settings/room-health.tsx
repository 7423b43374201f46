/** What the mailboxes' settings do to the panels, and the commands that mend it. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { RoomCheck } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Filter } from '../../parts/filter.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { makeSearch } from '../../parts/search.ts';
import { ShowMore, useFirst } from '../../parts/show-more.tsx';
import { Ago } from '../../parts/text.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole } from '../../state/console.ts';
import { count, rooms } from '../../words.ts';
import { commandsOf, wantsAttention, worstFirst, worstOf } from './findings.ts';
import { RoomFindings } from './room-findings.tsx';

const STEP = 10;
const HOW_TO_IMPORT = 'Press Save Settings: central then reads the rooms from the directory.';
type Tab = 'attention' | 'all';

type RoomHealthProps = {
  connection: string;
  canCheck: boolean;
  /** Of the connection; null while nobody told. */
  roomCount: number | null;
};

export function RoomHealth({ connection, canCheck, roomCount }: RoomHealthProps) {
  const { api } = useConsole();
  const [checks, setChecks] = useState<RoomCheck[] | null>(null);
  const [isNew, setNew] = useState(false);
  const reading = useRequest();
  const checking = useRequest();
  useEffect(() => void reading.run(() => api.roomChecks(connection), setChecks), [connection]);
  const checkNow = () => {
    setNew(false);
    void checking.run(
      () => api.checkRooms(connection),
      found => {
        setChecks(found);
        setNew(true);
      },
    );
  };

  const sorted = useMemo(() => worstFirst(checks ?? []), [checks]);
  const attention = sorted.filter(wantsAttention);
  const isBad = attention.some(check => worstOf(check) === 'bad');
  const last = checks?.length
    ? checks.reduce((latest, check) => (check.checked > latest.checked ? check : latest))
    : null;
  return (
    <section class="card room-health" aria-labelledby="room-health-title" id="room-health">
      <header class="card-head">
        <div>
          <h2 id="room-health-title">Room health</h2>
          <p class="soft">
            What each mailbox’s settings do to its panel.{' '}
            {last && (
              <>
                Last checked <Ago at={last.checked} />.
              </>
            )}
          </p>
        </div>
        <Button isBusy={checking.isBusy} isDisabled={!canCheck} onPress={checkNow}>
          Check now
        </Button>
      </header>
      {checking.isBusy && (
        <p class="soft" role="status">
          Looking at every room. This can take minutes when there are many; you may go on working here.
        </p>
      )}
      {(checking.failure ?? reading.failure) && <Failed request={checking.failure ? checking : reading} />}
      {isNew && checks?.length === 0 && (
        <Notice tone="warn" isAnswer>
          No rooms are imported yet, so there was nothing to check. {HOW_TO_IMPORT}
        </Notice>
      )}
      {isNew && checks !== null && checks.length > 0 && (
        <Notice tone={isBad ? 'bad' : attention.length > 0 ? 'warn' : 'good'} isAnswer>
          {rooms(checks.length)} checked:{' '}
          {attention.length === 0
            ? 'all fine.'
            : `${count(attention.length, { one: '# needs', other: '# need' })} attention.`}
        </Notice>
      )}
      {checks?.length === 0 && !checking.isBusy && !isNew && (
        <p class="soft">
          {!canCheck
            ? 'Once there is an access token and rooms are imported, each room can be checked here.'
            : roomCount === 0
              ? `No rooms are imported yet. ${HOW_TO_IMPORT} Then each can be checked here.`
              : 'Not checked yet. Check now looks at every imported room and lists what would trouble its panel.'}
        </p>
      )}
      {checks && checks.length > 0 && <List checks={sorted} attention={attention} />}
    </section>
  );
}

const Failed = ({ request }: { request: ReturnType<typeof useRequest> }) =>
  request.failure && <FailureNotice failure={request.failure} />;

function List({ checks, attention }: { checks: readonly RoomCheck[]; attention: readonly RoomCheck[] }) {
  const [typed, setTyped] = useState('');
  const [tab, setTab] = useState<Tab>('attention');
  const search = useMemo(() => makeSearch<RoomCheck>(check => [check.name, check.address]), []);
  const found = search(tab === 'all' ? checks : attention, typed);
  const { shown, more } = useFirst(found, STEP, `${tab} ${typed}`);
  const commands = commandsOf(found);
  return (
    <>
      <div class="room-health-tools">
        <Filter
          label="Find a room"
          name="room-health"
          typed={typed}
          onType={setTyped}
          tabs={[
            { value: 'attention', label: 'Needs attention', count: attention.length },
            { value: 'all', label: 'All', count: checks.length },
          ]}
          tab={tab}
          onTab={setTab}
        />
        {commands.length > 0 && (
          <CopyButton text={commands.join('\n')}>Copy all commands ({commands.length})</CopyButton>
        )}
      </div>
      {found.length === 0 ? (
        <p class="nothing" role="status">
          {typed === '' ? 'No room needs attention.' : 'No room here is called that.'}
        </p>
      ) : (
        <ul class="room-checks">
          {shown.map(check => (
            <RoomFindings key={check.room} check={check} />
          ))}
        </ul>
      )}
      <ShowMore {...more} what={rooms} />
      {commands.length > 0 && (
        <p class="soft small">
          The commands run in Exchange Online PowerShell, after Connect-ExchangeOnline. Changes can take half an hour to
          show.
        </p>
      )}
    </>
  );
}
