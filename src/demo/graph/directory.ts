/** me, users, organization, calendar and places. */
import type { Mailbox, RoomMailbox } from '../store/mailboxes.ts';
import { mustHave } from './auth.ts';
import { absolute } from './calendar-view.ts';
import { calendarOf, type GraphApp, type GraphContext, mailboxOf, OWNERS } from './context.ts';
import { GraphError } from './errors.ts';
import { pageOf } from './paging.ts';

/** Places' own default page. */
const PAGE = 100;

export function addDirectoryRoutes(app: GraphApp, graph: GraphContext) {
  app.get('/me', c => {
    const caller = c.get('caller');
    if (caller.kind === 'app')
      throw new GraphError(400, 'BadRequest', '/me request is only valid with delegated authentication flow.');
    mustHave(caller, 'User.Read');
    return c.json(renderUser(graph, mailboxOf(c, graph), 'users/$entity'));
  });

  app.get('/users/:user', c => {
    const caller = c.get('caller');
    const mailbox = graph.calendars.mailboxes.find(c.req.param('user'));
    const isSelf = caller.kind === 'delegated' && mailbox?.id === caller.oid;
    mustHave(caller, ...(isSelf ? ['User.Read'] : []), 'User.ReadBasic.All', 'User.Read.All');
    if (mailbox === null)
      throw new GraphError(
        404,
        'Request_ResourceNotFound',
        `Resource '${c.req.param('user')}' does not exist or one of its queried reference-property objects are not present.`,
      );
    return c.json(renderUser(graph, mailbox, 'users/$entity'));
  });

  app.get('/organization', c => {
    mustHave(c.get('caller'), 'User.Read', 'User.Read.All');
    const verifiedDomains = [
      { capabilities: 'Email', isDefault: true, isInitial: true, name: 'lintel.example', type: 'Managed' },
    ];
    const value = [
      {
        id: graph.tenantId,
        displayName: graph.tenantName,
        countryLetterCode: 'NO',
        tenantType: 'AAD',
        verifiedDomains,
      },
    ];
    return c.json({ '@odata.context': `${graph.base}/$metadata#organization`, value });
  });

  for (const owner of OWNERS) {
    app.get(`${owner}/calendar`, c => {
      const mailbox = calendarOf(c, graph);
      return c.json({
        '@odata.context': `${graph.base}/$metadata#users('${encodeURIComponent(mailbox.address)}')/calendar/$entity`,
        id: `AAMkAGCal${Buffer.from(mailbox.id).toString('base64url')}`,
        name: 'Calendar',
        color: 'auto',
        hexColor: '',
        changeKey: 'c2FtZQ==',
        isDefaultCalendar: true,
        canEdit: true,
        canShare: false,
        canViewPrivateItems: true,
        isRemovable: false,
        isTallyingResponses: true,
        allowedOnlineMeetingProviders: ['teamsForBusiness'],
        defaultOnlineMeetingProvider: 'teamsForBusiness',
        owner: { name: mailbox.name, address: mailbox.address },
      });
    });
  }

  app.get('/places/microsoft.graph.room', c => {
    mustHave(c.get('caller'), 'Place.Read.All', 'Place.ReadWrite.All');
    const rooms = listed(graph).map(renderRoom);
    return c.json(
      pageOf(
        absolute(c, graph),
        rooms,
        c.get('preferences').maxPageSize ?? PAGE,
        `${graph.base}/$metadata#places/microsoft.graph.room`,
      ),
    );
  });

  for (const path of ['/places/:place', '/places/:place/microsoft.graph.room']) {
    app.get(path, c => {
      mustHave(c.get('caller'), 'Place.Read.All', 'Place.ReadWrite.All');
      const key = (c.req.param('place') ?? '').toLowerCase();
      const room = listed(graph).find(entry => entry.id === key || entry.address === key);
      if (room === undefined) throw new GraphError(404, 'ErrorItemNotFound', 'The specified place was not found.');
      return c.json({
        '@odata.context': `${graph.base}/$metadata#places/$entity`,
        '@odata.type': '#microsoft.graph.room',
        ...renderRoom(room),
      });
    });
  }
}

const listed = (graph: GraphContext) => graph.calendars.mailboxes.rooms().filter(room => room.place.isListed);

function renderUser(graph: GraphContext, mailbox: Mailbox, set: string) {
  const [givenName = '', ...rest] = mailbox.name.split(' ');
  return {
    '@odata.context': `${graph.base}/$metadata#${set}`,
    businessPhones: [],
    displayName: mailbox.name,
    givenName: mailbox.kind === 'user' ? givenName : null,
    jobTitle: null,
    mail: mailbox.address,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    surname: mailbox.kind === 'user' ? rest.join(' ') : null,
    userPrincipalName: mailbox.address,
    id: mailbox.id,
  };
}

function renderRoom({ id, name, address, place }: RoomMailbox) {
  return {
    id,
    emailAddress: address,
    displayName: name,
    address: { street: 'Fjordgata 12', city: 'Oslo', state: '', postalCode: '0150', countryOrRegion: 'Norway' },
    geoCoordinates: null,
    phone: '',
    nickname: place.nickname,
    label: '',
    capacity: place.capacity,
    building: place.building,
    floorNumber: place.floorNumber,
    floorLabel: place.floorLabel,
    isManaged: true,
    isWheelChairAccessible: true,
    bookingType: 'standard',
    tags: place.hasVideo ? ['Video'] : [],
    audioDeviceName: null,
    videoDeviceName: place.hasVideo ? 'Room camera' : null,
    displayDeviceName: null,
  };
}
