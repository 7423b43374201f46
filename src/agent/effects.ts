/** The one table that runs effects. What it starts, `stop` ends. */
import * as v from 'valibot';
import type { BookingKey } from '../contract/values/ids.ts';
import type { Privacy } from '../contract/values/policy.ts';
import { seconds } from '../contract/values/time.ts';
import { Hello, LicenceAnswer, WIRE_VERSION } from '../contract/wire/panel.ts';
import type { Deed, Effect, EffectId } from '../core/effects.ts';
import type { Happening } from '../core/events.ts';
import { bookElsewhere } from './book-elsewhere.ts';
import { makeCalendars } from './calendars.ts';
import { CentralClient, describe } from './central-client.ts';
import { changeCalendar } from './change-calendar.ts';
import { diagnosticsText } from './diagnostics.ts';
import { makeRoomFinder } from './find-rooms.ts';
import { walkUpTitle } from './letters.ts';
import { runLink } from './link.ts';
import type { ClosableFetch, PanelPorts } from './panel-ports.ts';
import { readConfig } from './read-config.ts';
import { MEMORY_FILE, SNAPSHOT_FILE } from './recall.ts';
import { makeRelayCall } from './relay-call.ts';
import { releaseRoom } from './release.ts';
import { takeBack } from './take-back.ts';
import { makeTokenSource } from './token-source.ts';

/** What is to be written before a booking is sent is waited for no longer: a broken disk must not keep people from booking. */
const LONGEST_WRITE = seconds(1);

type Dispatch = (happening: Happening) => void;
type Run<K extends Deed['kind']> = (deed: Deed & { kind: K }, id: EffectId, dispatch: Dispatch) => void | Promise<void>;
type Table = { [K in Deed['kind']]: Run<K> };

export function makeEffects(ports: PanelPorts) {
  const { clock, log, files, identity } = ports;
  const stopping = new AbortController();
  let trusted: (ClosableFetch & { ca: string }) | null = null;
  let central: CentralClient | null = null;
  let link: AbortController | null = null;
  let writing: Promise<void> = Promise.resolve();
  let readUnder: Privacy | null = null;
  /** Bookings on their way; taken back, nothing more of one is sent. */
  const underWay = new Map<BookingKey, AbortController>();
  const tokens = makeTokenSource(clock, () => central);
  const call = makeRelayCall(() => central);
  const calendars = makeCalendars({ clock, fetchPublic: ports.fetchPublic, tokens, call });
  const findRooms = makeRoomFinder({ clock, log, central: () => central });

  const trust = (ca: string) => {
    if (trusted?.ca !== ca) {
      void trusted?.close();
      trusted = { ...ports.fetchTrusting(ca), ca };
    }
    return trusted.fetch;
  };

  const closeLink = () => {
    link?.abort();
    link = null;
  };

  /** One after the other, so that an older text never lands on a newer one; one that fails holds up none of the next. */
  const inTurn = (task: () => Promise<void>): Promise<void> => {
    const turn = writing.then(task);
    writing = turn.catch(() => {});
    return turn;
  };

  const write = (name: string, text: string, dispatch: Dispatch) => {
    return inTurn(async () => {
      const written = await files.write(name, text);
      if (written.kind === 'failed') log.error('file-not-written', { name, why: written.why, detail: written.detail });
      dispatch({ kind: 'file-written', isDiskFull: written.kind === 'failed' && written.why === 'disk-full' });
    });
  };

  /** What this turn has to write is on disk, so that a booking sent now is found again by its key after a crash. */
  const writesDone = async (): Promise<void> => {
    // The rest of the turn's effects come first.
    await Promise.resolve();
    await new Promise<void>(resolve => {
      const stop = clock.after(LONGEST_WRITE, resolve);
      void writing.then(() => {
        stop();
        resolve();
      });
    });
  };

  /** Days that could not be read were put aside with all that might be shown then; now it may be less. */
  const dropOldDays = (privacy: Privacy) => {
    const isOther = readUnder !== null && JSON.stringify(readUnder) !== JSON.stringify(privacy);
    readUnder = privacy;
    if (!isOther) return;
    inTurn(() => files.removeSetAside(SNAPSHOT_FILE)).catch(error =>
      log.error('file-not-removed', { name: SNAPSHOT_FILE, detail: describe(error) }),
    );
  };

  const table: Table = {
    'probe-central': async ({ url: typed, ca }, id, dispatch) => {
      const url = ports.wholeUrl(typed);
      if (url === null)
        return dispatch({ kind: 'central-probed', effect: id, result: { kind: 'failed', problem: 'unreachable' } });
      const probed = ca === null ? await ports.probeCa(url) : { kind: 'ca' as const, pem: ca };
      if (probed.kind !== 'ca') {
        log.warn('central-not-found', { url, why: probed.kind, detail: probed.detail });
        const problem = probed.kind === 'no-tls' ? 'not-central' : 'unreachable';
        return dispatch({ kind: 'central-probed', effect: id, result: { kind: 'failed', problem } });
      }
      const hello = await new CentralClient(url, trust(probed.pem), identity).call('GET', '/panel/v1/hello', Hello);
      if (hello.kind === 'failed') {
        log.warn('central-not-found', { url, why: hello.problem, detail: hello.detail });
        return dispatch({ kind: 'central-probed', effect: id, result: { kind: 'failed', problem: hello.problem } });
      }
      const words = ports.pairingWords(identity.panel, probed.pem);
      dispatch({ kind: 'central-probed', effect: id, result: { kind: 'central', url, ca: probed.pem, words } });
    },

    'open-link': async ({ url, ca, wantsNewCode }, id, dispatch) => {
      closeLink();
      const here = new AbortController();
      link = here;
      central = new CentralClient(url, trust(ca), identity);
      const { mac, machineId, hostname, keyStore, boot, starts } = identity;
      const enrolment = {
        wireVersion: WIRE_VERSION,
        agentVersion: ports.agentVersion,
        mac,
        machineId,
        hostname,
        keyStore,
        boot,
        starts,
        wantsNewCode,
      };
      await runLink({ client: central, clock, enrolment, effect: id, signal: here.signal, log, dispatch });
    },

    'close-link': closeLink,

    'submit-licence-key': async ({ key, room }, id, dispatch) => {
      const answer = await central?.call('POST', '/panel/v1/licence', LicenceAnswer, { key, room });
      dispatch({
        kind: 'licence-answered',
        effect: id,
        answer: answer?.kind === 'ok' ? answer.value : { kind: 'failed' },
      });
    },

    'fetch-config': async (_, id, dispatch) => {
      const answer = await central?.call('GET', '/panel/v1/config', v.unknown());
      if (answer?.kind !== 'ok') return dispatch({ kind: 'config-fetched', effect: id, result: { kind: 'failed' } });
      const result = readConfig(answer.value);
      if (result.kind === 'unusable') log.error('config-refused', { version: result.version, why: result.why });
      dispatch({ kind: 'config-fetched', effect: id, result });
    },

    report: async ({ report }) => {
      await central?.send('POST', '/panel/v1/report', { body: JSON.stringify(report) });
    },

    'fetch-calendar': async ({ config, window }, id, dispatch) => {
      dropOldDays(config.policy.privacy);
      const listed = await calendars.ofRoom(config).list(window, stopping.signal, 'shareable');
      if (listed.kind === 'listed') {
        const { meetings, serverTime, age } = listed;
        return dispatch({
          kind: 'calendar-read',
          effect: id,
          outcome: { kind: 'listed', window, meetings, serverTime, age },
        });
      }
      log.warn('calendar-not-read', { problem: listed.problem, detail: listed.detail });
      const { problem, retryAfter } = listed;
      dispatch({ kind: 'calendar-read', effect: id, outcome: { kind: 'failed', problem, retryAfter } });
    },

    'submit-booking': async ({ config, key, action, span, elsewhere, was, wasSent }, id, dispatch) => {
      const here = new AbortController();
      underWay.set(key, here);
      await writesDone();
      const signal = AbortSignal.any([stopping.signal, here.signal]);
      const title = walkUpTitle(config.policy);
      const change = { key, action, span, was, wasSent };
      const there = elsewhere && calendars.elsewhere(config, elsewhere);
      const asked = there
        ? bookElsewhere({ clock, calendar: there.calendar, signal }, { ...change, config: there.config }, title)
        : changeCalendar({ clock, calendar: calendars.ofRoom(config), signal }, { ...change, config }, title);
      const outcome = await asked.catch(error => {
        if (!here.signal.aborted) throw error;
      });
      if (underWay.get(key) === here) underWay.delete(key);
      if (!outcome) return;
      log.info('booking-answered', {
        action: action.kind,
        outcome: outcome.kind,
        why: outcome.kind === 'refused' ? outcome.why : null,
      });
      dispatch({ kind: 'booking-answered', effect: id, outcome });
    },

    'take-back-booking': async ({ config, key, span, within, elsewhere }, id, dispatch) => {
      underWay.get(key)?.abort(new Error('taken back'));
      const there = elsewhere && calendars.elsewhere(config, elsewhere);
      const calendar = there?.calendar ?? calendars.ofRoom(config);
      const tools = { clock, calendar, signal: stopping.signal };
      const outcome = await takeBack(tools, { key, span }, within);
      log.info('booking-taken-back', { outcome });
      dispatch({ kind: 'booking-taken-back', effect: id });
    },

    'release-room': async ({ kind: _, config, ...request }, id, dispatch) => {
      const outcome = await releaseRoom(
        { calendar: calendars.ofRoom(config), clock },
        { config, ...request },
        stopping.signal,
      );
      log.info('room-release-answered', { outcome: outcome.kind });
      dispatch({ kind: 'release-answered', effect: id, outcome });
    },

    'find-rooms': async ({ config, window }, id, dispatch) => {
      const outcome = await findRooms(config, calendars.ofRoom(config), window, stopping.signal);
      dispatch({ kind: 'rooms-found', effect: id, outcome });
    },

    'write-memory': ({ memory }, _, dispatch) => write(MEMORY_FILE, JSON.stringify(memory), dispatch),
    'write-snapshot': ({ snapshot }, _, dispatch) => write(SNAPSHOT_FILE, JSON.stringify(snapshot), dispatch),
    'remove-snapshot': () => {
      tokens.forget();
      return inTurn(() => files.remove(SNAPSHOT_FILE));
    },

    'forget-token': () => tokens.forget(),

    'check-pin': async ({ pin, digits }, id, dispatch) => {
      const isRight = await ports.isPin(pin, digits);
      if (!isRight) log.warn('pin-wrong');
      dispatch({ kind: 'pin-checked', effect: id, isRight });
    },

    'send-diagnostics': async ({ command, findings }) => {
      const text = diagnosticsText(findings, identity, ports.agentVersion, await ports.inspectMachine());
      const sent = await central?.send('POST', '/panel/v1/diagnostics', { body: JSON.stringify({ command, text }) });
      log.info('diagnostics-sent', { status: sent?.kind === 'ok' ? sent.value.status : (sent?.status ?? null) });
    },

    restart: () => {
      log.info('restart-asked');
      ports.restart();
    },
  };

  return {
    run: (effect: Effect, dispatch: Dispatch) => {
      // The table's type ties each kind to its deed; the compiler cannot follow that through an index.
      const run = table[effect.kind] as Run<typeof effect.kind>;
      Promise.resolve(run(effect as never, effect.id, dispatch)).catch(error => {
        if (stopping.signal.aborted) return;
        log.error('effect-failed', { effect: effect.kind, detail: describe(error) });
        const answer = failureOf(effect);
        if (answer) dispatch(answer);
      });
    },
    stop: async () => {
      stopping.abort(new Error('the panel stops'));
      closeLink();
      await writing;
      await Promise.all([trusted?.close(), calendars.close()]);
    },
  };
}

/** A bug in an effect must not leave the core waiting for ever: it gets the answer that a failure would have given. */
function failureOf({ kind, id }: Effect): Happening | null {
  const failed = { kind: 'failed', problem: 'misunderstood', retryAfter: null } as const;
  switch (kind) {
    case 'probe-central':
      return { kind: 'central-probed', effect: id, result: { kind: 'failed', problem: 'unreachable' } };
    case 'open-link':
      return { kind: 'link-closed', effect: id, problem: 'unreachable', retryAfter: null };
    case 'submit-licence-key':
      return { kind: 'licence-answered', effect: id, answer: { kind: 'failed' } };
    case 'fetch-config':
      return { kind: 'config-fetched', effect: id, result: { kind: 'failed' } };
    case 'fetch-calendar':
      return { kind: 'calendar-read', effect: id, outcome: failed };
    case 'submit-booking':
      return { kind: 'booking-answered', effect: id, outcome: { ...failed, isOutcomeUnknown: true } };
    case 'take-back-booking':
      return { kind: 'booking-taken-back', effect: id };
    case 'release-room':
      return { kind: 'release-answered', effect: id, outcome: { ...failed, mayBeDone: false } };
    case 'find-rooms':
      return { kind: 'rooms-found', effect: id, outcome: { kind: 'failed', why: failed.problem } };
    case 'check-pin':
      return { kind: 'pin-checked', effect: id, isRight: false };
    default:
      return null;
  }
}
