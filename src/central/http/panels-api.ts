/** `/free-macs`, `/registrations` and `/panels`. */
import { Hono, type Context as HonoContext } from 'hono';
import * as v from 'valibot';
import { MacAddress, PanelId } from '../../contract/values/ids.ts';
import {
  Approval,
  CodeInput,
  ConfirmInput,
  Move,
  Rename,
  Replacement,
  RollOutInput,
} from '../../contract/wire/console.ts';
import { CodeDesk } from '../fleet/code-desk.ts';
import { checkCode, confirmMany, enterCode } from '../fleet/confirm.ts';
import { collectDiagnostics, command } from '../fleet/diagnostics.ts';
import { approve, reject, unpair } from '../fleet/pairing.ts';
import { move, rename, revoke } from '../fleet/panel-actions.ts';
import type { Refusal } from '../fleet/refusal.ts';
import { deleteRegistration, exportRollOut, listRegistrations } from '../fleet/registrations.ts';
import { replace } from '../fleet/replace.ts';
import { rollOut } from '../fleet/roll-out.ts';
import { listWaiting } from '../fleet/waiting.ts';
import { parseBody, refusal, tooMany, wireError } from './answers.ts';
import type { ConsoleEnv, Services } from './env.ts';

type Handled = HonoContext<ConsoleEnv>;

export function panelsApi({ context, diagnostics }: Services): Hono<ConsoleEnv> {
  const api = new Hono<ConsoleEnv>();
  // One for all ways to try a code: they share one budget.
  const codes = new CodeDesk(context);

  api.get('/free-macs', async c => c.json(await listWaiting(context)));
  api.post('/free-macs/code', async c => {
    const input = await parseBody(c, CodeInput);
    if (input.kind === 'invalid') return input.answer;
    const outcome = await enterCode(context, codes, input.value.code, c.var.session.admin);
    return outcome.kind === 'refused' ? refuse(c, outcome) : c.json(outcome);
  });
  api.post('/free-macs/confirm', async c => {
    const input = await parseBody(c, ConfirmInput);
    if (input.kind === 'invalid') return input.answer;
    return c.json(await confirmMany(context, codes, input.value, c.var.session.admin));
  });
  api.post('/free-macs/:panel/approve', async c => {
    const panel = panelIn(c);
    if (panel === null) return unknown(c);
    const approval = await parseBody(c, Approval);
    if (approval.kind === 'invalid') return approval.answer;
    const { code } = approval.value;
    const { admin } = c.var.session;
    const wrong = code === null ? null : await checkCode(context, codes, panel, code, admin);
    const outcome = wrong ?? (await approve(context, panel, approval.value, admin));
    // Of what an approval names, nothing may be missing: that is a conflict, not a wrong address.
    return outcome.kind === 'refused' ? refuse(c, outcome, 409) : c.body(null, 204);
  });

  for (const [path, act] of [
    ['/free-macs/:panel/reject', reject],
    ['/panels/:panel/unpair', unpair],
    ['/panels/:panel/revoke', revoke],
  ] as const) {
    api.post(path, async c => {
      const panel = panelIn(c);
      return panel === null ? unknown(c) : done(c, await act(context, panel, c.var.session.admin));
    });
  }
  for (const kind of ['identify', 'restart'] as const) {
    api.post(`/panels/:panel/${kind}`, async c => {
      const panel = panelIn(c);
      return panel === null ? unknown(c) : done(c, await command(context, panel, kind, c.var.session.admin));
    });
  }
  api.post('/panels/:panel/diagnostics', async c => {
    const panel = panelIn(c);
    if (panel === null) return unknown(c);
    const outcome = await collectDiagnostics(context, diagnostics, panel, c.var.session.admin, c.req.raw.signal);
    return outcome.kind === 'refused' ? refuse(c, outcome) : c.json(outcome.diagnostics);
  });
  api.post('/panels/:panel/move', async c => {
    const panel = panelIn(c);
    if (panel === null) return unknown(c);
    const input = await parseBody(c, Move);
    if (input.kind === 'invalid') return input.answer;
    return done(c, await move(context, panel, input.value.room, c.var.session.admin));
  });
  api.post('/panels/:panel/rename', async c => {
    const panel = panelIn(c);
    if (panel === null) return unknown(c);
    const input = await parseBody(c, Rename);
    if (input.kind === 'invalid') return input.answer;
    return done(c, await rename(context, panel, input.value.name, c.var.session.admin));
  });
  api.post('/panels/:panel/replace', async c => {
    const panel = panelIn(c);
    if (panel === null) return unknown(c);
    const input = await parseBody(c, Replacement);
    if (input.kind === 'invalid') return input.answer;
    const { by, code } = input.value;
    const { admin } = c.var.session;
    const wrong = code === null ? null : await checkCode(context, codes, by, code, admin);
    const outcome = wrong ?? (await replace(context, panel, input.value, admin));
    return outcome.kind === 'refused' ? refuse(c, outcome, 409) : c.body(null, 204);
  });

  api.get('/registrations', async c => c.json(await listRegistrations(context.store.db)));
  api.post('/registrations/import', async c => {
    const input = await parseBody(c, RollOutInput);
    if (input.kind === 'invalid') return input.answer;
    const outcome = await rollOut(context, codes, input.value, c.var.session.admin);
    if (outcome.kind === 'refused') return refuse(c, outcome);
    const { kind: _, ...answer } = outcome;
    return c.json(answer);
  });
  api.get('/registrations/export', async c => {
    c.header('Content-Disposition', 'attachment; filename="panels.csv"');
    return c.body(await exportRollOut(context.store.db), 200, { 'Content-Type': 'text/csv; charset=utf-8' });
  });
  api.delete('/registrations/:mac', async c => {
    const mac = v.safeParse(MacAddress, c.req.param('mac'));
    if (!mac.success) return wireError(c, 404, 'registration-unknown', 'Nothing is registered for this MAC address.');
    return done(c, await deleteRegistration(context, mac.output, c.var.session.admin));
  });
  return api;
}

function panelIn(c: Handled): PanelId | null {
  const panel = v.safeParse(PanelId, c.req.param('panel'));
  return panel.success ? panel.output : null;
}

const unknown = (c: Handled) => wireError(c, 404, 'panel-unknown', 'There is no such panel.');

const done = (c: Handled, outcome: { kind: 'done' } | Refusal) =>
  outcome.kind === 'refused' ? refuse(c, outcome) : c.body(null, 204);

/** `missing`: the status when a thing that was named does not exist. */
function refuse(c: Handled, outcome: Refusal, missing: 404 | 409 = 404): Response {
  const { code, message, retryAfter } = outcome;
  if (retryAfter !== undefined) return tooMany(c, retryAfter, message);
  if (code === 'no-answer') return wireError(c, 504, code, message);
  if (code === 'code-unknown' || code === 'registration-unknown') return wireError(c, 404, code, message);
  if (missing === 409 && code.endsWith('-unknown')) return wireError(c, 409, code, message);
  return refusal(c, outcome);
}
