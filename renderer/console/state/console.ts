/** Everything the pages share, built once in main.tsx and handed down by context. */
import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext, useLayoutEffect } from 'preact/hooks';
import type { Clock, Stop } from '../../../src/contract/values/clock.ts';
import {
  between,
  type Duration,
  type Instant,
  minutes,
  plus,
  seconds,
  type ZoneName,
} from '../../../src/contract/values/time.ts';
import {
  type ConnectionRow,
  DEFAULT_CONNECTION,
  type DemoStatus,
  type LicenceKeyRow,
  type LicenceStatus,
  type Overview,
  type Policies,
  type RegistrationRow,
  type Revision,
  type RoomRow,
  type ServerSettings,
  type SetUp,
  type Topic,
  type UseOfRooms,
  type WaitingPanel,
} from '../../../src/contract/wire/console.ts';
import type { Format } from '../../i18n/format.ts';
import type { Drafts as PolicyDrafts } from '../pages/general-settings/draft.ts';
import type { Draft } from '../pages/server-settings/draft.ts';
import type { Api } from './api.ts';
import { createResource, type Resource } from './resource.ts';
import type { Router } from './router.ts';
import { listen } from './stream.ts';

/** checking -> signed-in <-> signed-out(why); unreachable -> checking when asked again */
export type SessionState =
  | { kind: 'checking' }
  | { kind: 'unreachable' }
  | { kind: 'signed-out'; why: 'not-yet' | 'expired' | 'left' }
  | { kind: 'signed-in'; username: string };

export type Console = {
  api: Api;
  clock: Clock;
  router: Router;
  format: Format;
  zone: ZoneName;
  /** Central's address as this browser knows it, to be typed on a panel. */
  centralUrl: string;
  session: ReadonlySignal<SessionState>;
  /** True while central's notices of change do not arrive. */
  isCutOff: ReadonlySignal<boolean>;
  /** Central's time, moving in steps of a few seconds: for ages. */
  now: ReadonlySignal<Instant>;
  overview: Resource<Overview>;
  setUp: Resource<SetUp>;
  connections: Resource<ConnectionRow[]>;
  /** One connection's settings; the same resource for the same id, for as long as the console lives. */
  serverSettings(connection: string): Resource<ServerSettings>;
  rooms: Resource<RoomRow[]>;
  /** Today's, by this computer's calendar. */
  useOfRooms: Resource<UseOfRooms>;
  licenceKeys: Resource<LicenceKeyRow[]>;
  licence: Resource<LicenceStatus>;
  freeMacs: Resource<WaitingPanel[]>;
  registrations: Resource<RegistrationRow[]>;
  policies: Resource<Policies>;
  policyHistory: Resource<Revision[]>;
  demo: Resource<DemoStatus>;
  /** Unsaved server settings; kept here so that they outlive a session that runs out. */
  draft: Signal<Draft | null>;
  /** Unsaved general settings, kept as long as those. */
  policyDraft: Signal<PolicyDrafts>;
  copy(text: string): Promise<boolean>;
  checkSession(): Promise<void>;
  signedIn(username: string): void;
  /** Ends the session here; `left` says so to central as well. */
  signOut(why: 'expired' | 'left'): void;
  stop: Stop;
};

export type ConsolePorts = Pick<Console, 'clock' | 'router' | 'format' | 'zone' | 'centralUrl' | 'copy'> & {
  /** Given what to do when an answer says that the session is gone, and when central's clock is known. */
  makeApi: (onSignedOut: () => void, onClockOffset: (offset: Duration) => void) => Api;
  openStream: () => EventSource;
};

const TICK = seconds(5);
/** Unsaved settings hold a secret: they do not wait for a second person, nor for ever. */
const DRAFT_OUTLIVES_SESSION = minutes(30);

export function createConsole({ makeApi, openStream, ...ports }: ConsolePorts): Console {
  const { clock } = ports;
  const session = signal<SessionState>({ kind: 'checking' });
  const isCutOff = signal(false);
  const now = signal(clock.now());
  const draft = signal<Draft | null>(null);
  const policyDraft = signal<PolicyDrafts>({});
  let offset = seconds(0);
  let lastUser: { name: string; left: Instant } | null = null;
  let stopStream: Stop = () => {};

  const api = makeApi(
    () => signOut('expired'),
    measured => {
      offset = measured;
    },
  );
  const overview = createResource(clock, api.overview);
  const setUp = createResource(clock, api.setUp);
  const connections = createResource(clock, api.connections);
  const rooms = createResource(clock, api.rooms);
  const useOfRooms = createResource(clock, () => api.useOfRooms(dateIn(ports.zone, now.value)));
  const licenceKeys = createResource(clock, api.licenceKeys);
  const licence = createResource(clock, api.licence);
  const freeMacs = createResource(clock, api.freeMacs);
  const registrations = createResource(clock, api.registrations);
  const policies = createResource(clock, api.policies);
  const policyHistory = createResource(clock, api.policyHistory);
  const demo = createResource(clock, api.demo);
  const settings = new Map<string, Resource<ServerSettings>>();
  function serverSettings(connection: string): Resource<ServerSettings> {
    const known = settings.get(connection);
    if (known) return known;
    const made = createResource(clock, () => api.serverSettings(connection));
    settings.set(connection, made);
    return made;
  }
  serverSettings(DEFAULT_CONNECTION);
  const ofTopic = (topic: Topic): Resource<unknown>[] => {
    switch (topic) {
      case 'server-settings':
        return [connections, setUp, ...settings.values()];
      case 'rooms':
        return [rooms, policyHistory, setUp];
      case 'licence-keys':
        return [licenceKeys, licence];
      case 'free-macs':
        return [freeMacs, registrations, setUp];
      case 'general-settings':
        return [policies, policyHistory, rooms];
      case 'demo':
        return [demo];
      case 'set-up':
        return [setUp];
    }
  };
  const all = (): Resource<unknown>[] => [
    overview,
    setUp,
    connections,
    rooms,
    useOfRooms,
    licenceKeys,
    licence,
    freeMacs,
    registrations,
    policies,
    policyHistory,
    demo,
    ...settings.values(),
  ];
  const refreshAll = () => {
    for (const resource of all()) resource.refresh();
  };

  function tick(): Stop {
    now.value = plus(clock.now(), offset);
    let stopNext = clock.after(TICK, () => {
      stopNext = tick();
    });
    return () => stopNext();
  }
  const stopTicking = tick();

  function startStream() {
    const onTopic = (topic: Topic) => {
      for (const resource of ofTopic(topic)) resource.refresh();
      overview.refresh();
    };
    const stream = listen({ clock, open: openStream, onTopic, onGap: refreshAll });
    const stopWatching = stream.isLost.subscribe(isLost => {
      isCutOff.value = isLost;
    });
    stopStream = () => {
      stream.stop();
      stopWatching();
      isCutOff.value = false;
    };
  }

  function forgetDrafts() {
    draft.value = null;
    policyDraft.value = {};
  }

  function signedIn(username: string) {
    const isSame = lastUser?.name === username && between(lastUser.left, clock.now()) < DRAFT_OUTLIVES_SESSION;
    if (!isSame) forgetDrafts();
    session.value = { kind: 'signed-in', username };
    startStream();
    refreshAll();
  }

  function signOut(why: 'expired' | 'left') {
    if (session.value.kind !== 'signed-in') return;
    lastUser = { name: session.value.username, left: clock.now() };
    stopStream();
    batch(() => {
      session.value = { kind: 'signed-out', why };
      for (const resource of all()) resource.forget();
      if (why === 'left') forgetDrafts();
    });
    if (why === 'left') void api.logout();
  }

  return {
    ...ports,
    api,
    session,
    isCutOff,
    now,
    draft,
    policyDraft,
    overview,
    setUp,
    connections,
    serverSettings,
    rooms,
    useOfRooms,
    licenceKeys,
    licence,
    freeMacs,
    registrations,
    policies,
    policyHistory,
    demo,
    signedIn,
    signOut,
    async checkSession() {
      session.value = { kind: 'checking' };
      const answer = await api.session();
      if (answer.kind === 'ok') signedIn(answer.value.username);
      else if (answer.kind === 'signed-out') session.value = { kind: 'signed-out', why: 'not-yet' };
      else session.value = { kind: 'unreachable' };
    },
    stop() {
      stopStream();
      stopTicking();
      ports.router.stop();
    },
  };
}

/** `2026-11-20`. */
const dateIn = (timeZone: ZoneName, at: Instant) => new Intl.DateTimeFormat('en-CA', { timeZone }).format(at);

export const ConsoleContext = createContext<Console | null>(null);

export function useConsole(): Console {
  const found = useContext(ConsoleContext);
  if (!found) throw new Error('no console above this component');
  return found;
}

/** Keeps these lists fresh while the component is on screen. */
export function useResources(...resources: Resource<unknown>[]): void {
  // The same resources at every call of one component: they live as long as the console.
  useLayoutEffect(() => {
    const stops = resources.map(resource => resource.use());
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
}
