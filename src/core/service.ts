/**
 * The service page, for whoever looks after the panel; on every screen.
 *   closed -> asking(checking) -> open -> closed   ; closes by itself two minutes after the last touch
 * A PIN counts as wrong from the moment it is asked about, and the count goes to disk: pulling the plug wins nothing.
 */
import type { ServiceView } from '../contract/bridge/view.ts';
import type { PinHash } from '../contract/values/policy.ts';
import { type Duration, type Instant, minutes, plus } from '../contract/values/time.ts';
import { leaveCentral } from './central.ts';
import type { Event } from './events.ts';
import { change, issue, NO_TRIES, type PinTries, type State, type Turn } from './state.ts';

const OPEN_FOR = minutes(2);
const FREE_TRIES = 5;
const FIRST_LOCK = minutes(1);
const LONGEST_LOCK = minutes(15);

type Told = Event & { kind: 'intent-received' };

export function stepService(turn: Turn, event: Event): Turn {
  const { service } = turn.state;
  if (event.kind === 'intent-received') return onIntent(turn, event);
  if (event.kind === 'pin-checked') return onChecked(turn, event.isRight, event.at);
  return service.kind !== 'closed' && event.at >= service.closesAt ? close(turn) : turn;
}

function onIntent(turn: Turn, { intent, at }: Told): Turn {
  const { service } = turn.state;
  switch (intent.kind) {
    case 'open-service':
      return onOpen(turn, intent.pin, at);
    case 'close-service':
      return close(turn);
    case 'restart':
      return service.kind === 'open' ? issue(close(turn), { kind: 'restart' }).turn : turn;
    case 'leave-central':
      return canLeave(turn.state) ? change(leaveCentral(close(turn)), { pinTries: NO_TRIES }) : turn;
    default:
      return turn;
  }
}

function onOpen(turn: Turn, digits: string | null, now: Instant): Turn {
  const { service, pinTries } = turn.state;
  const pin = pinOf(turn.state);
  const closesAt = plus(now, OPEN_FOR);
  if (service.kind === 'open') return change(turn, { service: { ...service, closesAt } });
  if (pin === null) return change(turn, { service: { kind: 'open', isProven: false, closesAt } });
  if (service.kind === 'asking' && service.check !== null) return turn;
  if (digits === null || isLocked(pinTries, now))
    return change(turn, { service: { kind: 'asking', check: null, isWrong: false, closesAt } });
  const issued = issue(turn, { kind: 'check-pin', pin, digits });
  return change(issued.turn, {
    service: { kind: 'asking', check: issued.id, isWrong: false, closesAt },
    pinTries: { ...pinTries, count: pinTries.count + 1 },
  });
}

function onChecked(turn: Turn, isRight: boolean, now: Instant): Turn {
  const { service, pinTries } = turn.state;
  if (service.kind !== 'asking') return turn;
  const closesAt = plus(now, OPEN_FOR);
  if (isRight) return change(turn, { service: { kind: 'open', isProven: true, closesAt }, pinTries: NO_TRIES });
  const tried = triesKept(pinTries.count, now);
  const isWrong = tried.lockedUntil === null;
  return change(turn, { service: { kind: 'asking', check: null, isWrong, closesAt }, pinTries: tried });
}

/** So many wrong ones, the last just now, or before this start: the clock of which nobody vouches for. */
export const triesKept = (count: number, now: Instant): PinTries => ({
  count,
  lockedUntil: count < FREE_TRIES ? null : plus(now, lockAfter(count)),
});

const lockAfter = (count: number): Duration =>
  Math.min(LONGEST_LOCK, FIRST_LOCK * 2 ** Math.min(count - FREE_TRIES, 10)) as Duration;

const isLocked = ({ lockedUntil }: PinTries, now: Instant) => lockedUntil !== null && now < lockedUntil;
const pinOf = ({ room }: State): PinHash | null => room?.config.policy.pin ?? null;
const close = (turn: Turn) => change(turn, { service: { kind: 'closed' } });

/** A panel that belongs to nobody may be pointed elsewhere by anybody; one with a room only by who knows its PIN. */
const canLeave = ({ service, room }: State) => service.kind === 'open' && (service.isProven || room === null);

export function serviceView(state: State, now: Instant): ServiceView | null {
  const { service, pinTries, machine, room, central } = state;
  switch (service.kind) {
    case 'closed':
      return null;
    case 'asking': {
      const { lockedUntil } = pinTries;
      const wrong = service.isWrong ? ({ kind: 'wrong' } as const) : null;
      const isShut = lockedUntil !== null && isLocked(pinTries, now);
      return {
        kind: 'asking',
        isChecking: service.check !== null,
        problem: isShut ? { kind: 'locked', until: lockedUntil } : wrong,
      };
    }
    case 'open':
      return {
        kind: 'open',
        ...machine,
        panelName: room?.config.panelName ?? null,
        centralUrl: central.kind === 'none' ? central.lastUrl : central.url,
        configVersion: room?.config.version ?? null,
        lastRead: room?.calendar.lastRead ?? null,
        canLeave: canLeave(state),
      };
  }
}

/** The next instant at which the page changes by itself. */
export function serviceWakeUps({ service, pinTries }: State, now: Instant): Instant[] {
  if (service.kind === 'closed') return [];
  const { lockedUntil } = pinTries;
  return lockedUntil !== null && lockedUntil > now ? [service.closesAt, lockedUntil] : [service.closesAt];
}
