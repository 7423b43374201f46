/** The one table that runs effects. What it starts, `stop` ends. */
import * as v from 'valibot';
import { makeGraphCalendar } from '../calendar/graph/graph-calendar.ts';
import type { RoomCalendar } from '../calendar/room-calendar.ts';
import type { PanelConfig } from '../contract/values/config.ts';
import { Hello, LicenceAnswer, WIRE_VERSION } from '../contract/wire/panel.ts';
import type { Deed, Effect, EffectId } from '../core/effects.ts';
import type { Happening } from '../core/events.ts';
import { changeDirectly } from './book-direct.ts';
import { CentralClient, describe } from './central-client.ts';
import { diagnosticsText } from './diagnostics.ts';
import { runLink } from './link.ts';
import type { ClosableFetch, PanelPorts } from './panel-ports.ts';
import { readConfig } from './read-config.ts';
import { MEMORY_FILE, SNAPSHOT_FILE } from './recall.ts';
import { makeTokenSource } from './token-source.ts';

const WALK_UP_TITLE = 'Booked at the door';

type Dispatch = (happening: Happening) => void;
type Run<K extends Deed['kind']> = (deed: Deed & { kind: K }, id: EffectId, dispatch: Dispatch) => void | Promise<void>;
type Table = { [K in Deed['kind']]: Run<K> };

export function makeEffects(ports: PanelPorts) {
  const { clock, log, files, identity } = ports;
  const stopping = new AbortController();
  let trusted: (ClosableFetch & { ca: string }) | null = null;
  let open: (ClosableFetch & { extraCa: string | null }) | null = null;
  let central: CentralClient | null = null;
  let link: AbortController | null = null;
  let calendar: { config: PanelConfig; calendar: RoomCalendar } | null = null;
  let writing: Promise<void> = Promise.resolve();
  const tokens = makeTokenSource(clock, () => central);

  const trust = (ca: string) => {
    if (trusted?.ca !== ca) {
      void trusted?.close();
      trusted = { ...ports.fetchTrusting(ca), ca };
    }
    return trusted.fetch;
  };

  const calendarFor = (config: PanelConfig): RoomCalendar => {
    if (calendar?.config === config) return calendar.calendar;
    if (open === null || open.extraCa !== config.extraCa) {
      void open?.close();
      open = { ...ports.fetchPublic(config.extraCa), extraCa: config.extraCa };
    }
    const { address, zone } = config.room;
    const made = makeGraphCalendar({
      fetch: open.fetch,
      graphBase: config.access.graphBase,
      room: address,
      zone,
      privacy: config.policy.privacy,
      token: tokens.get,
      clock,
    });
    // The token of one tenant is not shown to the host of another. A grant that changed central tells by itself.
    if (calendar !== null && !isSameMailbox(calendar.config, config)) tokens.forget();
    calendar = { config, calendar: made };
    return made;
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
      const listed = await calendarFor(config).list(window, stopping.signal);
      if (listed.kind === 'listed') {
        const { meetings, serverTime } = listed;
        return dispatch({
          kind: 'calendar-read',
          effect: id,
          outcome: { kind: 'listed', window, meetings, serverTime },
        });
      }
      log.warn('calendar-not-read', { problem: listed.problem, detail: listed.detail });
      const { problem, retryAfter } = listed;
      dispatch({ kind: 'calendar-read', effect: id, outcome: { kind: 'failed', problem, retryAfter } });
    },

    'submit-booking': async ({ config, key, action, span }, id, dispatch) => {
      const outcome = await changeDirectly(clock, calendarFor(config), { config, key, action, span }, WALK_UP_TITLE);
      log.info('booking-answered', {
        action: action.kind,
        outcome: outcome.kind,
        why: outcome.kind === 'refused' ? outcome.why : null,
      });
      dispatch({ kind: 'booking-answered', effect: id, outcome });
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
      await Promise.all([trusted?.close(), open?.close()]);
    },
  };
}

const isSameMailbox = (a: PanelConfig, b: PanelConfig) =>
  a.room.address === b.room.address && JSON.stringify(a.access) === JSON.stringify(b.access);

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
      return { kind: 'booking-answered', effect: id, outcome: failed };
    case 'check-pin':
      return { kind: 'pin-checked', effect: id, isRight: false };
    default:
      return null;
  }
}
