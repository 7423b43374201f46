/** accept, tentativelyAccept, decline, cancel. They answer 202 without a body. */
import * as v from 'valibot';
import { cancelEvent, type Refusal, respond } from '../calendar/write.ts';
import { type GraphApp, type GraphContext, type GraphRequest, itemOf, OWNERS, writableCalendarOf } from './context.ts';
import { badRequest } from './errors.ts';

/** Graph's action parameters are not case-sensitive in their first letter. */
const Body = v.pipe(
  v.string(),
  v.transform(text => (text === '' ? '{}' : text)),
  v.parseJson(),
  v.record(v.string(), v.unknown()),
  v.transform(raw => Object.fromEntries(Object.entries(raw).map(([name, value]) => [name.toLowerCase(), value]))),
  v.looseObject({
    comment: v.nullish(v.string(), ''),
    sendresponse: v.nullish(v.boolean(), true),
    proposednewtime: v.nullish(v.unknown()),
  }),
);

const ANSWERS = { accept: 'accepted', tentativelyAccept: 'tentativelyAccepted', decline: 'declined' } as const;

export function addActionRoutes(app: GraphApp, graph: GraphContext) {
  for (const owner of OWNERS) {
    for (const event of [`${owner}/events/:event`, `${owner}/calendar/events/:event`]) {
      for (const action of ['accept', 'tentativelyAccept', 'decline'] as const) {
        app.post(`${event}/${action}`, async c => {
          const body = await parsed(c);
          if (body.proposednewtime && action === 'accept')
            throw badRequest("Your request can't be completed. A new time cannot be proposed when accepting.");
          const item = itemOf(c, graph, writableCalendarOf(c, graph));
          const outcome = respond(graph.calendars, item, ANSWERS[action], body.comment, body.sendresponse);
          if (outcome.kind === 'refused') throw badRequest(REFUSALS[outcome.why]);
          return c.body(null, 202);
        });
      }
      app.post(`${event}/cancel`, async c => {
        const body = await parsed(c);
        const outcome = cancelEvent(graph.calendars, itemOf(c, graph, writableCalendarOf(c, graph)), body.comment);
        if (outcome.kind === 'refused') throw badRequest(REFUSALS[outcome.why]);
        return c.body(null, 202);
      });
    }
  }
}

const REFUSALS: Record<Refusal['why'], string> = {
  'not-organizer': "Your request can't be completed. You need to be an organizer to cancel a meeting.",
  'is-organizer':
    "Your request can't be completed. You can't respond to this meeting because you're the meeting organizer.",
  'no-response-wanted': "Your request can't be completed. The meeting organizer hasn't requested a response.",
  'crosses-boundary': 'Modified occurrence is crossing or overlapping adjacent occurrence.',
};

async function parsed(c: GraphRequest) {
  const body = v.safeParse(Body, await c.req.text());
  if (!body.success) throw badRequest('Unable to read JSON request payload.', 'BadRequest');
  return body.output;
}
