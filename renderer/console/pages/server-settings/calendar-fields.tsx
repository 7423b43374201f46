/** How panels reach their calendars, what Graph tells by itself, and which days are holidays. */
import { useState } from 'preact/hooks';
import type { CalendarList, NotificationStatus, ServerSettings } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { Field, TextField } from '../../parts/field.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { Ago, Foreign, State } from '../../parts/text.tsx';
import { useConsole } from '../../state/console.ts';
import type { Failure } from '../../state/http.ts';
import { count, dateWords } from '../../words.ts';
import type { FormPartProps } from './form-part.ts';

export type Served = Pick<ServerSettings, 'id' | 'notifications' | 'holidays' | 'token'>;
type CalendarFieldsProps = FormPartProps & { served: Served | null };

const ACCESS = [
  ['direct', 'Direct', 'Panels get short-lived tokens and talk to Graph themselves. They go on when central is down.'],
  ['relay', 'Through central', 'Panels ask central, which asks Graph. No token ever leaves central.'],
] as const;

export function CalendarFields({ served, ...part }: CalendarFieldsProps) {
  const { fields, onChange } = part;
  return (
    <fieldset class="card">
      <legend>Calendars</legend>
      <div class="sign-in-kinds">
        {ACCESS.map(([kind, name, about]) => (
          <label key={kind} class="sign-in-kind">
            <input
              type="radio"
              name="access"
              value={kind}
              checked={fields.access === kind}
              onChange={() => onChange({ access: kind })}
            />
            <span>
              <span class="sign-in-kind-name">{name}</span>
              <span class="soft small">{about}</span>
            </span>
          </label>
        ))}
      </div>
      <label class="sign-in-kind">
        <input
          type="checkbox"
          name="changeNotifications"
          checked={fields.changeNotifications}
          onChange={event => onChange({ changeNotifications: event.currentTarget.checked })}
        />
        <span>
          <span class="sign-in-kind-name">Change notifications</span>
          <span class="soft small">
            Graph tells central of a change, and the panel reads it within two seconds. Central needs a public HTTPS
            address for that, and the connection must sign in as an application; otherwise panels read on their own as
            ever.
          </span>
          {served && <Notifications status={served.notifications} isWanted={fields.changeNotifications} />}
        </span>
      </label>
      <HolidayField {...part} served={served} />
    </fieldset>
  );
}

/** What became of what was saved; nothing while the box says otherwise. */
function Notifications({ status, isWanted }: { status: NotificationStatus; isWanted: boolean }) {
  const { state, rooms, wanted, heard, detail } = status;
  if (state === 'off' || !isWanted) return null;
  const ofRooms = `${rooms} of ${count(wanted, { one: '# room', other: '# rooms' })}`;
  switch (state) {
    case 'no-public-address':
      return (
        <span class="small">
          <State tone="warn">Not possible: central has no public address (LINTEL_PUBLIC_URL)</State>
        </span>
      );
    case 'starting':
      return <span class="small">Being set up: {ofRooms}</span>;
    case 'active':
      return (
        <span class="small">
          <State tone="good">On for {ofRooms}</State>
          {heard !== null && (
            <>
              , last heard <Ago at={heard} />
            </>
          )}
        </span>
      );
    case 'failing':
      return (
        <span class="small">
          <State tone="bad">Failing: {ofRooms}</State> {detail && <Foreign text={detail} />}
        </span>
      );
  }
}

const holidayHint = (canList: boolean, signIn: FormPartProps['fields']['signIn']) => {
  if (!canList) return 'Calendars can be listed once there is an access token.';
  return signIn === 'delegated' ? 'Empty: the service account’s own.' : 'An application has none of its own: name one.';
};

type Listing =
  | { kind: 'idle' }
  | { kind: 'asking' }
  | { kind: 'listed'; calendars: CalendarList['calendars'] }
  | { kind: 'failed'; failure: Failure };

function HolidayField({ fields, onChange, served }: CalendarFieldsProps) {
  const { api } = useConsole();
  const chosen = fields.holidayCalendar;
  const [mailbox, setMailbox] = useState(chosen?.mailbox ?? '');
  const [listing, setListing] = useState<Listing>({ kind: 'idle' });
  const canList = served?.token.kind === 'issued';
  const whose = mailbox.trim() === '' ? null : mailbox.trim();
  const ask = async (id: string) => {
    setListing({ kind: 'asking' });
    const answer = await api.calendars(id, whose);
    setListing(
      answer.kind === 'ok'
        ? { kind: 'listed', calendars: answer.value.calendars }
        : { kind: 'failed', failure: answer },
    );
  };
  const others = listing.kind === 'listed' ? listing.calendars.filter(({ id }) => id !== chosen?.id) : [];
  const choose = (id: string) => {
    const found = others.find(calendar => calendar.id === id);
    if (found) onChange({ holidayCalendar: { mailbox: whose, id, name: found.name } });
    else if (id === '') onChange({ holidayCalendar: null });
  };
  return (
    <>
      <div class="pair">
        <Field
          label="Public holidays"
          hint="Its all-day events are holidays: nobody coming on one of them does not count against a series."
        >
          {({ id, describedBy }) => (
            <div class="input-row">
              <select
                id={id}
                name="holidayCalendar"
                class="input"
                value={chosen?.id ?? ''}
                aria-describedby={describedBy}
                onChange={event => choose(event.currentTarget.value)}
              >
                <option value="">None</option>
                {chosen && <option value={chosen.id}>{chosen.name}</option>}
                {others.map(calendar => (
                  <option key={calendar.id} value={calendar.id}>
                    {calendar.name}
                  </option>
                ))}
              </select>
              <Button
                isBusy={listing.kind === 'asking'}
                isDisabled={!canList}
                onPress={() => {
                  if (served) void ask(served.id);
                }}
              >
                List calendars
              </Button>
            </div>
          )}
        </Field>
        <TextField
          name="holidayMailbox"
          label="In the mailbox"
          value={mailbox}
          onInput={text => {
            setMailbox(text);
            setListing({ kind: 'idle' });
          }}
          hint={holidayHint(canList, fields.signIn)}
          placeholder="holidays@example.com"
          isOptional
        />
      </div>
      {listing.kind === 'failed' && <FailureNotice failure={listing.failure} />}
      {listing.kind === 'listed' && others.length === 0 && (
        <Notice tone="info" isAnswer>
          {chosen ? 'There is no other calendar in this mailbox.' : 'There is no calendar in this mailbox.'}
        </Notice>
      )}
      {chosen && served && <KnownHolidays {...served.holidays} />}
    </>
  );
}

function KnownHolidays({ read, dates, problem }: ServerSettings['holidays']) {
  const next = dates[0];
  return (
    <p class="small">
      {problem && (
        <>
          <State tone="warn">The last try to read it failed:</State> <Foreign text={problem.detail} />.{' '}
        </>
      )}
      {read === null ? (
        <span class="soft">Not read yet.</span>
      ) : (
        <>
          {count(dates.length, { one: '# holiday', other: '# holidays' })} known
          {next !== undefined && `, the next on ${dateWords(next)}`}; read <Ago at={read} />.
        </>
      )}
    </p>
  );
}
