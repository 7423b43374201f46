/** Codes that admins read from a glass or confirm beside a row. Every one of them is tried at the desk first. */
import type * as v from 'valibot';
import type { PanelId } from '../../contract/values/ids.ts';
import type { CodeAnswer, ConfirmAnswer, ConfirmInput } from '../../contract/wire/console.ts';
import type { Context } from '../context.ts';
import { findPanel } from '../store/panels.ts';
import { type CodeDesk, tooManyTries } from './code-desk.ts';
import { codeHolders } from './codes.ts';
import { codeChanged, panelUnknown, whyNotApprovable } from './pair.ts';
import { pairRegistered } from './pairing.ts';
import { type Refusal, refused } from './refusal.ts';

/** A code that somebody typed: whoever it belongs to is paired if its MAC is registered, or else named. */
export async function enterCode(
  context: Context,
  desk: CodeDesk,
  typed: string,
  admin: string,
): Promise<CodeAnswer | Refusal> {
  const tried = await desk.try(typed, admin, () => codeHolders(context));
  if (tried.kind === 'wait') return tooManyTries(tried.retryAfter);
  if (tried.kind === 'wrong') {
    return refused(
      'code-unknown',
      'No panel shows this code. Codes change every ten minutes: look at the glass again.',
    );
  }
  const outcome = await pairRegistered(context, tried.panel, typed, admin, { isGlassRead: true });
  if (outcome.kind === 'paired') return { kind: 'paired', panel: tried.panel, room: outcome.room };
  return outcome.code === 'not-registered' ? { kind: 'found', panel: tried.panel } : outcome;
}

/** Each in a transaction of its own: one that cannot be paired does not keep the others waiting. */
export async function confirmMany(
  context: Context,
  desk: CodeDesk,
  { panels }: v.InferOutput<typeof ConfirmInput>,
  admin: string,
): Promise<ConfirmAnswer> {
  let paired = 0;
  const refusals: ConfirmAnswer['refused'] = [];
  for (const { panel, code } of panels) {
    const outcome =
      (await checkCode(context, desk, panel, code, admin)) ??
      (await pairRegistered(context, panel, code, admin, { isGlassRead: false }));
    if (outcome.kind === 'paired') paired++;
    else refusals.push({ panel, code: outcome.code, message: outcome.message });
  }
  return { paired, refused: refusals };
}

/** Why this is not the code that this panel shows now; null when it is. A panel without a valid code costs no try. */
export async function checkCode(
  context: Context,
  desk: CodeDesk,
  panel: PanelId,
  code: string,
  admin: string,
): Promise<Refusal | null> {
  const row = await findPanel(context.store.db, panel);
  if (row === undefined) return panelUnknown();
  const why = whyNotApprovable(row, null, context);
  if (why !== null) return why;
  const tried = await desk.try(code, admin, async () => [{ panel, code: row.code ?? '' }]);
  switch (tried.kind) {
    case 'right':
      return null;
    case 'wrong':
      return codeChanged();
    case 'wait':
      return tooManyTries(tried.retryAfter);
  }
}
