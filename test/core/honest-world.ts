/** A world in which everything answers: whatever befell a panel before, here it must come to rest. */
import type { BookingKey } from '../../src/contract/values/ids.ts';
import { between, type Duration, type Instant, milliseconds, plus } from '../../src/contract/values/time.ts';
import type { Deed, Effect } from '../../src/core/effects.ts';
import type { Happening } from '../../src/core/events.ts';
import type { State } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';
import { wakeUps } from '../../src/core/wake-ups.ts';
import { config, meeting, PANEL } from '../support/samples.ts';

/** Below what random lives have seen, as after a restored backup. */
const TARGET = config({}, 1, 'room-1');
const PAIRED = { kind: 'paired', panel: PANEL, configVersion: TARGET.version, grant: 'grant-1' } as const;

/** Lets `length` pass; `lost` are questions nobody has answered yet. Answers the state and how many events it took. */
export function liveHonestly(before: State, now: Instant, length: Duration, lost: readonly Effect[]) {
  let state = before;
  let clock = now;
  let events = 0;
  const booked = new Map<BookingKey, ReturnType<typeof meeting>>();
  const mailbox: Happening[] = [];
  const tell = (happening: Happening) => {
    const after = step(state, { ...happening, at: plus(clock, state.clockOffset), dice: 0.5 });
    state = after.state;
    events++;
    for (const effect of after.effects) mailbox.push(...answers(effect));
  };
  const answers = (effect: Effect): Happening[] => {
    const { id } = effect;
    switch (effect.kind) {
      case 'probe-central': {
        const words = ['a', 'b', 'c', 'd'];
        return [
          { kind: 'central-probed', effect: id, result: { kind: 'central', url: 'https://c', ca: 'PEM', words } },
        ];
      }
      case 'open-link':
        return [
          { kind: 'link-opened', effect: id },
          { kind: 'panel-state-received', effect: id, state: PAIRED },
        ];
      case 'check-pin':
        return [{ kind: 'pin-checked', effect: id, isRight: false }];
      case 'submit-licence-key':
        return [{ kind: 'licence-answered', effect: id, answer: PAIRED }];
      case 'fetch-config':
        return [{ kind: 'config-fetched', effect: id, result: { kind: 'config', config: TARGET } }];
      case 'fetch-calendar': {
        const { window } = effect;
        const meetings = [...booked.values()];
        const outcome = { kind: 'listed', window, meetings, serverTime: clock, age: milliseconds(0) } as const;
        return [{ kind: 'calendar-read', effect: id, outcome }];
      }
      case 'submit-booking': {
        const { key, span, action } = effect;
        if (action.kind !== 'book')
          return [{ kind: 'booking-answered', effect: id, outcome: { kind: 'refused', why: 'gone' } }];
        const stored = meeting(`booked-${key}`, span.start, span.end, { bookingKey: key, isRoomOrganizer: true });
        booked.set(key, stored);
        return [{ kind: 'booking-answered', effect: id, outcome: { kind: 'confirmed', meeting: stored } }];
      }
      case 'take-back-booking':
        return [{ kind: 'booking-taken-back', effect: id }];
      case 'release-room':
        return [
          { kind: 'release-answered', effect: id, outcome: { kind: 'released', isSeriesDeclined: true, isRow: true } },
        ];
      case 'find-rooms':
        return [{ kind: 'rooms-found', effect: id, outcome: { kind: 'found', equipment: [], rooms: [], busy: [] } }];
      default:
        return isFileDeed(effect.kind) ? [{ kind: 'file-written', isDiskFull: false }] : [];
    }
  };

  for (const effect of lost) mailbox.push(...answers(effect));
  const { central } = state;
  if (central.kind === 'known' && central.link.kind === 'online') {
    mailbox.push({ kind: 'panel-state-received', effect: central.link.effect, state: PAIRED });
  }
  for (const end = plus(now, length); clock < end && events < 10_000; ) {
    const next = mailbox.shift();
    if (next) tell(next);
    else {
      const trueNow = plus(clock, state.clockOffset);
      const due = wakeUps(state, trueNow).reduce((first, w) => Math.min(first, w.at), trueNow + 60_000) as Instant;
      clock = plus(clock, Math.max(0, between(trueNow, due)) as Duration);
      tell({ kind: 'woke' });
    }
  }
  return { state, now: plus(clock, state.clockOffset), events };
}

const isFileDeed = (kind: Deed['kind']) => kind === 'write-memory' || kind === 'write-snapshot';
