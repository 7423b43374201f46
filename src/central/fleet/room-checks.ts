/**
 * Looks at every room of a connection, a few at a time: when an admin asks, and by itself after every import. One
 * look at a connection at a time; who asks while it is under way waits for it, and rooms that came meanwhile get another.
 */
import type { Connections } from '../consent/connections.ts';
import type { Tokens } from '../consent/tokens.ts';
import type { Context } from '../context.ts';
import { checkRooms, type Looked } from './room-check-run.ts';

type Look = { done: Promise<Looked>; again: boolean };

/** Under way in one central. Kept beside the context, because an import is handed nothing longer-lived. */
class Looks {
  readonly #byConnection = new Map<string, Look>();
  readonly #abort = new AbortController();

  /** Resolves when the look is over; never rejects. */
  start(context: Context, connections: Connections, tokens: Tokens, connectionId: string): Promise<Looked> {
    if (this.#abort.signal.aborted) return Promise.resolve(STOPPED);
    const underWay = this.#byConnection.get(connectionId);
    if (underWay !== undefined) {
      underWay.again = true;
      return underWay.done;
    }
    const look: Look = { done: Promise.resolve(STOPPED), again: false };
    const run = async () => {
      let looked: Looked;
      do {
        look.again = false;
        looked = await checkRooms(context, connections, tokens, connectionId, this.#abort.signal);
      } while (look.again && !this.#abort.signal.aborted);
      return looked;
    };
    look.done = run()
      .catch((error: unknown) => {
        const detail = error instanceof Error ? error.message : String(error);
        if (!this.#abort.signal.aborted) context.log.error('room-checks-broke', { connection: connectionId, detail });
        return STOPPED;
      })
      .finally(() => this.#byConnection.delete(connectionId));
    this.#byConnection.set(connectionId, look);
    return look.done;
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await Promise.all([...this.#byConnection.values()].map(look => look.done));
  }
}

const STOPPED: Looked = { kind: 'stopped' };

const looksOf = new WeakMap<Context, Looks>();

function looks(context: Context): Looks {
  const known = looksOf.get(context) ?? new Looks();
  looksOf.set(context, known);
  return known;
}

/** Begins a look in the background, unless central is stopping. The promise never rejects; nobody needs to wait for it. */
export function startRoomChecks(
  context: Context,
  connections: Connections,
  tokens: Tokens,
  connectionId: string,
): Promise<Looked> {
  return looks(context).start(context, connections, tokens, connectionId);
}

/** Ends what is under way and starts nothing more: before the database closes. */
export function stopRoomChecks(context: Context): Promise<void> {
  return looks(context).stop();
}
