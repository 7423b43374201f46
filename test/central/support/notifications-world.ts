/** Change notifications between a Graph stub and a hub, under a clock that moves when told to. */
import { expect } from 'vitest';
import { notificationsApi } from '../../../src/central/http/notifications-api.ts';
import { type Notifications, startNotifications } from '../../../src/central/notifications/notifications.ts';
import { notificationStatus } from '../../../src/central/notifications/status.ts';
import { findSettings } from '../../../src/central/store/settings.ts';
import type { Stop } from '../../../src/contract/values/clock.ts';
import type { RoomId } from '../../../src/contract/values/ids.ts';
import { seconds } from '../../../src/contract/values/time.ts';
import type { Engine } from './engines.ts';
import { type GraphStub, startGraphStub } from './graph-stub.ts';
import { pairedPanel } from './paired-panel.ts';
import { seedRooms } from './running-central.ts';

export const PUBLIC = 'https://central.example';

export class NotificationsWorld {
  readonly stub: GraphStub;
  readonly engine: Engine;
  readonly clock: Engine['clock'];
  /** Rooms whose panels were told to look, in order. */
  hints: RoomId[] = [];
  #running: Notifications;
  readonly #stopListening: Stop;

  private constructor(engine: Engine, stub: GraphStub) {
    this.engine = engine;
    this.stub = stub;
    this.clock = engine.clock;
    this.#stopListening = engine.context.hub.listenHints(room => this.hints.push(room));
    this.#running = this.#start(PUBLIC);
  }

  /** One connection that wants notifications, with these rooms and no panels. */
  static async open(engine: Engine, ...rooms: string[]): Promise<NotificationsWorld> {
    const { db } = engine.store;
    for (const table of ['subscriptions', 'panels', 'rooms', 'settings', 'meta', 'revisions'] as const) {
      await db.deleteFrom(table).execute();
    }
    await seedRooms(...rooms)(db);
    const world = new NotificationsWorld(engine, await startGraphStub(engine.clock));
    await world.wants(true);
    return world;
  }

  #start(publicUrl: string | null) {
    const { context } = this.engine;
    return startNotifications({ context, publicUrl, openGraph: this.stub.opener(context) });
  }
  async restart(publicUrl: string | null = PUBLIC): Promise<void> {
    await this.#running.stop();
    this.#running = this.#start(publicUrl);
  }

  look(): Promise<void> {
    return this.#running.tend();
  }
  /** Looks until there is nothing to do. */
  async settle(): Promise<void> {
    for (let before = -1; before !== this.stub.asked.length; ) {
      before = this.stub.asked.length;
      await this.look();
    }
  }

  async wants(isWanted: boolean): Promise<void> {
    await this.engine.store.db
      .updateTable('settings')
      .set({ change_notifications: Number(isWanted) })
      .execute();
  }
  async pair(...rooms: string[]): Promise<void> {
    const panels = rooms.map(room => pairedPanel(`panel-${room}`, room));
    await this.engine.store.db.insertInto('panels').values(panels).execute();
  }

  rows() {
    return this.engine.store.db.selectFrom('subscriptions').selectAll().orderBy('room_id').execute();
  }
  async status(publicUrl: string | null = PUBLIC) {
    const row = await findSettings(this.engine.store.db, 'default');
    if (row === undefined) throw new Error('no settings');
    return notificationStatus(this.engine.context, row, publicUrl);
  }

  /** The database answers in real time, while the clock stands still. */
  async sorted(): Promise<void> {
    await new Promise(resolve => setTimeout(resolve, 30));
  }

  /** What Graph would send of this room's subscription. */
  notice(room: string, more: Record<string, unknown> = {}) {
    const [one] = this.stub.has(room);
    if (one === undefined) throw new Error(`no subscription for ${room}`);
    const { id, clientState, resource } = one;
    return { subscriptionId: id, clientState, resource, changeType: 'updated', ...more };
  }
  post(body: unknown, query = ''): Promise<Response> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return Promise.resolve(notificationsApi(this.#running).request(`/${query}`, { method: 'POST', body: text }));
  }

  /** Leaves nothing behind, and asked nothing that Graph would not know. */
  async close(): Promise<void> {
    await this.#running.stop();
    this.#stopListening();
    await this.stub.stop();
    expect(this.stub.objections).toEqual([]);
    // Topics of the hub, and nothing of ours.
    await this.clock.advance(seconds(2));
    expect(this.clock.armed).toBe(0);
  }
}
