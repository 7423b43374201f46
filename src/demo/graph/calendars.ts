/** calendar and calendars: a mailbox's own, and those beside it. */
import type { Mailbox } from '../store/mailboxes.ts';
import { mayWrite } from './auth.ts';
import { absolute } from './calendar-view.ts';
import {
  calendarOf,
  defaultCalendarId,
  type GraphApp,
  type GraphContext,
  type GraphRequest,
  OWNERS,
} from './context.ts';
import { pageOf, selected } from './paging.ts';

/** Graph's own default. */
const PAGE = 10;

export function addCalendarRoutes(app: GraphApp, graph: GraphContext) {
  for (const owner of OWNERS) {
    app.get(`${owner}/calendar`, c => {
      const mailbox = calendarOf(c, graph);
      const context = { '@odata.context': `${setOf(graph, mailbox, 'calendar')}/$entity` };
      const calendar = { ...context, ...renderDefault(c, mailbox) };
      return c.json(selected(new URL(c.req.url), calendar, PROPERTIES, 'Calendar'));
    });

    app.get(`${owner}/calendars`, c => {
      const mailbox = calendarOf(c, graph);
      const extra = graph.calendars.calendars.ofMailbox(mailbox.address);
      const all = [renderDefault(c, mailbox), ...extra.map(({ id, name }) => renderExtra(id, name, mailbox))];
      const entries = all.map(calendar => selected(new URL(c.req.url), calendar, PROPERTIES, 'Calendar'));
      const size = c.get('preferences').maxPageSize ?? PAGE;
      return c.json(pageOf(absolute(c, graph), entries, size, setOf(graph, mailbox, 'calendars')));
    });
  }
}

const setOf = (graph: GraphContext, { address }: Mailbox, set: string) =>
  `${graph.base}/$metadata#users('${encodeURIComponent(address)}')/${set}`;

function render(id: string, name: string, { name: ownerName, address }: Mailbox) {
  return {
    id,
    name,
    color: 'auto',
    hexColor: '',
    changeKey: 'c2FtZQ==',
    isDefaultCalendar: false,
    canEdit: false,
    canShare: false,
    canViewPrivateItems: true,
    isRemovable: false,
    isTallyingResponses: false,
    allowedOnlineMeetingProviders: ['teamsForBusiness'],
    defaultOnlineMeetingProvider: 'teamsForBusiness',
    owner: { name: ownerName, address },
  };
}
const PROPERTIES: readonly string[] = [
  ...['id', 'name', 'color', 'hexColor', 'changeKey', 'isDefaultCalendar', 'canEdit', 'canShare', 'owner'],
  ...['canViewPrivateItems', 'isRemovable', 'isTallyingResponses', 'allowedOnlineMeetingProviders'],
  'defaultOnlineMeetingProvider',
];

const renderDefault = (c: GraphRequest, mailbox: Mailbox) => ({
  ...render(defaultCalendarId(mailbox), 'Calendar', mailbox),
  isDefaultCalendar: true,
  canEdit: mayWrite(c.get('caller'), mailbox),
  isTallyingResponses: true,
});

/** Read only, as a calendar from the web is. */
const renderExtra = (id: string, name: string, mailbox: Mailbox) => ({
  ...render(id, name, mailbox),
  isRemovable: true,
});
