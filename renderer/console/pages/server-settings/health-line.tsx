/** How a connection is doing: calls, panels, and what runs out next. */
import type { ComponentChildren } from 'preact';
import type { ConnectionHealth, Expiry } from '../../../../src/contract/wire/console.ts';
import { Notice } from '../../parts/notice.tsx';
import { Ago, State } from '../../parts/text.tsx';
import { useConsole } from '../../state/console.ts';
import { count } from '../../words.ts';
import { EXPIRING, expiryWords, timeLeft, toneOf } from './expiries.ts';

type HealthLineProps = {
  health: ConnectionHealth;
  /** What another card tells in full already. */
  told: readonly Expiry['what'][];
};

export function HealthLine({ health, told }: HealthLineProps) {
  const { now, format } = useConsole();
  const { lastGoodCall, callsLastHour, errorsLastHour, throttledUntil, expiries } = health;
  const isThrottled = throttledUntil !== null && throttledUntil > now.value;
  const next = expiries[0];
  return (
    <section aria-label="Health" class="connection-health">
      <dl class="connection-health-line">
        <Item name="Last good call">
          {lastGoodCall ? <Ago at={lastGoodCall} /> : <span class="soft">none yet</span>}
        </Item>
        <Item name="Last hour">
          {count(callsLastHour, { one: '# call', other: '# calls' })},{' '}
          {errorsLastHour === 0 ? (
            'no errors'
          ) : (
            <State tone="warn">{count(errorsLastHour, { one: '# error', other: '# errors' })}</State>
          )}
        </Item>
        <Item name="Throttling">
          {isThrottled ? (
            <State tone="warn">The provider asks to wait until {format.time(throttledUntil)}</State>
          ) : (
            'None'
          )}
        </Item>
        <Item name="Panels">
          <PanelCounts counts={health.panels} />
        </Item>
        <Item name="Next to expire">
          {next ? <Countdown expiry={next} /> : <span class="soft">nothing known</span>}
        </Item>
      </dl>
      <Warnings expiries={expiries.filter(({ what }) => !told.includes(what))} />
    </section>
  );
}

const Item = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

function PanelCounts({ counts }: { counts: ConnectionHealth['panels'] }) {
  const { reading, failing, throttled, away } = counts;
  if (reading + failing + throttled + away === 0) return <span class="soft">none yet</span>;
  const others = [
    [throttled, 'throttled'],
    [away, 'away'],
  ] as const;
  return (
    <>
      {reading} reading
      {failing > 0 && (
        <>
          ,{' '}
          <a href="#/rooms">
            <State tone="bad">{failing} failing</State>
          </a>
        </>
      )}
      {others.map(([n, word]) => n > 0 && `, ${n} ${word}`)}
    </>
  );
}

/** `Client secret in 23 days`. */
export function Countdown({ expiry }: { expiry: Expiry }) {
  const { now, format } = useConsole();
  const { name } = EXPIRING[expiry.what];
  const isOver = expiry.urgency === 'expired' || expiry.at <= now.value;
  return (
    <span title={expiryWords(expiry, format)}>
      <State tone={toneOf(expiry)}>{isOver ? `${name} expired` : `${name} in ${timeLeft(now.value, expiry.at)}`}</State>
    </span>
  );
}

/** From 30 days ahead, with what prolongs it. */
function Warnings({ expiries }: { expiries: readonly Expiry[] }) {
  const { now, format } = useConsole();
  const soon = expiries.filter(({ urgency }) => urgency !== 'calm');
  if (soon.length === 0) return null;
  return (
    <Notice tone={soon.some(expiry => toneOf(expiry) === 'bad') ? 'bad' : 'warn'}>
      {soon.map(expiry => {
        const { what, at, urgency } = expiry;
        const { name, mend } = EXPIRING[what];
        const isOver = urgency === 'expired' || at <= now.value;
        return (
          <p key={what}>
            <strong>
              {name} {isOver ? 'expired on' : `expires in ${timeLeft(now.value, at)}, on`} {expiryWords(expiry, format)}
              .
            </strong>{' '}
            {mend} {what === 'licence' && <a href="#/licence-keys">Licence Keys</a>}
          </p>
        );
      })}
    </Notice>
  );
}
