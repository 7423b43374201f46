/** What an admin asks of one panel, and what a panel answers with. Needs the panel's stream: whoever is away is not asked later. */
import type { Clock, Stop } from '../../contract/values/clock.ts';
import type { PanelId } from '../../contract/values/ids.ts';
import { seconds } from '../../contract/values/time.ts';
import type { Diagnostics } from '../../contract/wire/console.ts';
import type { DiagnosticsReport, PanelCommand } from '../../contract/wire/panel.ts';
import type { Context } from '../context.ts';
import { newId } from '../random.ts';
import { audit } from '../store/audit.ts';
import { findPanel } from '../store/panels.ts';
import { panelUnknown } from './pair.ts';
import { type Refusal, refused } from './refusal.ts';

const PATIENCE = seconds(10);

type Waiting = { panel: PanelId; answer(text: string | null): void };

/** Who waits for which panel's diagnostics. In memory: the admin's request is open as long as it waits. */
export class DiagnosticsDesk {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Waiting>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The text, or null when none came in time or `signal` (the admin has gone) came first. */
  wait(command: string, panel: PanelId, signal: AbortSignal): Promise<string | null> {
    return new Promise(resolve => {
      let stopTimer: Stop = () => {};
      const answer = (text: string | null) => {
        stopTimer();
        signal.removeEventListener('abort', onAbort);
        this.#waiting.delete(command);
        resolve(text);
      };
      const onAbort = () => answer(null);
      if (signal.aborted) return resolve(null);
      signal.addEventListener('abort', onAbort);
      stopTimer = this.#clock.after(PATIENCE, onAbort);
      this.#waiting.set(command, { panel, answer });
    });
  }

  /** False: nobody waits for this from this panel. */
  deliver(panel: PanelId, { command, text }: DiagnosticsReport): boolean {
    const waiting = this.#waiting.get(command);
    if (waiting?.panel !== panel) return false;
    waiting.answer(text);
    return true;
  }

  stop(): void {
    for (const waiting of [...this.#waiting.values()]) waiting.answer(null);
  }
}

/** Asks the panel; `no-answer` after ten seconds. */
export async function collectDiagnostics(
  context: Context,
  desk: DiagnosticsDesk,
  panel: PanelId,
  admin: string,
  signal: AbortSignal,
): Promise<{ kind: 'diagnostics'; diagnostics: Diagnostics } | Refusal> {
  const id = newId();
  // Before the panel is asked: on loopback it answers at once.
  const waiting = desk.wait(id, panel, signal);
  const asked = await command(context, panel, 'collect-diagnostics', admin, id);
  if (asked.kind === 'refused') {
    desk.deliver(panel, { command: id, text: '' });
    return asked;
  }
  const text = await waiting;
  if (text === null) {
    return refused(
      'no-answer',
      'The panel is connected but sent nothing within ten seconds. Try again, or restart it.',
    );
  }
  return { kind: 'diagnostics', diagnostics: { panel, at: context.clock.now(), text } };
}

/** `identify` and `restart` are done when the panel was told. */
export async function command(
  context: Context,
  panel: PanelId,
  kind: PanelCommand['kind'],
  admin: string,
  id = newId(),
): Promise<{ kind: 'done' } | Refusal> {
  const { store, clock, hub } = context;
  if ((await findPanel(store.db, panel)) === undefined) return panelUnknown();
  const isTold = hub.command(panel, { id, kind });
  const entry = { actor: admin, action: `panel-asked-to-${kind}`, subject: panel, detail: { isTold } };
  await audit(store.db, clock, entry);
  if (isTold) return { kind: 'done' };
  return refused('panel-offline', 'The panel is not connected right now. Look whether it has power and network.');
}
