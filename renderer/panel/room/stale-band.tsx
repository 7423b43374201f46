import { between, type Instant, minutes } from '../../../src/contract/values/time.ts';
import { Icon } from '../../ui/icon.tsx';
import type { ShownTrust } from '../model/current-room.ts';
import { usePanel } from '../panel-context.ts';

type Stale = Extract<ShownTrust, { kind: 'stale' }>;

/** Says, across the whole glass, how old the plan is that is being shown, and why. */
export function StaleBand({ trust, now }: { trust: Stale; now: Instant }) {
  const { text, format, duration } = usePanel();
  const age = between(trust.lastRead, now);
  const isOtherDay = format.date(trust.lastRead) !== format.date(now);
  const known = isOtherDay ? format.dayTime(trust.lastRead) : format.time(trust.lastRead);
  const why = trust.why === 'agent-silent' ? text.stale['agent-silent'] : trust.why && text.readProblems[trust.why];
  return (
    <div class="band" role="status" data-testid="stale-band">
      <Icon name="link-off" />
      <p>
        <b>{age < minutes(1) ? text.stale.ageJustNow : text.stale.age(duration(age))}</b> – {text.stale.plan(known)}
      </p>
      {why && <p class="band-why">{why}</p>}
    </div>
  );
}
