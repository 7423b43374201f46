/** places: rooms, room lists and the rooms of a list. */
import { createHash } from 'node:crypto';
import { addressOf } from '../office/directory.ts';
import { ROOM_LISTS } from '../office/rooms.ts';
import type { RoomMailbox } from '../store/mailboxes.ts';
import { mustHave } from './auth.ts';
import { absolute } from './calendar-view.ts';
import type { GraphApp, GraphContext, GraphRequest } from './context.ts';
import { GraphError } from './errors.ts';
import { pageOf } from './paging.ts';

/** Places' own default page. */
const PAGE = 100;

export function addPlaceRoutes(app: GraphApp, graph: GraphContext) {
  const page = (c: GraphRequest, entries: object[], set: string) => {
    const size = c.get('preferences').maxPageSize ?? PAGE;
    return c.json(pageOf(absolute(c, graph), entries, size, `${graph.base}/$metadata#places/${set}`));
  };

  app.use('/places/*', async (c, next) => {
    mustHave(c.get('caller'), 'Place.Read.All', 'Place.ReadWrite.All');
    await next();
  });

  app.get('/places/microsoft.graph.room', c => page(c, listed(graph).map(renderRoom), 'microsoft.graph.room'));

  app.get('/places/microsoft.graph.roomlist', c => page(c, ROOM_LISTS.map(renderList), 'microsoft.graph.roomList'));

  // By e-mail address, as Microsoft's page on listing places has it.
  app.get('/places/:list/microsoft.graph.roomlist/rooms', c => {
    const key = (c.req.param('list') ?? '').toLowerCase();
    const list = ROOM_LISTS.find(entry => addressOf(entry.alias) === key);
    if (list === undefined) throw unknownPlace();
    const rooms = listed(graph).filter(room => room.place.roomList === list.name);
    return page(c, rooms.map(renderRoom), 'microsoft.graph.room');
  });

  for (const path of ['/places/:place', '/places/:place/microsoft.graph.room']) {
    app.get(path, c => {
      const key = (c.req.param('place') ?? '').toLowerCase();
      const room = listed(graph).find(entry => entry.id === key || entry.address === key);
      if (room === undefined) throw unknownPlace();
      return c.json({
        '@odata.context': `${graph.base}/$metadata#places/$entity`,
        '@odata.type': '#microsoft.graph.room',
        ...renderRoom(room),
      });
    });
  }
}

const unknownPlace = () => new GraphError(404, 'ErrorItemNotFound', 'The specified place was not found.');
const listed = (graph: GraphContext) => graph.calendars.mailboxes.rooms().filter(room => room.place.isListed);

const ADDRESS = { street: 'Fjordgata 12', city: 'Oslo', state: '', postalCode: '0150', countryOrRegion: 'Norway' };

function renderRoom({ id, name, address, place }: RoomMailbox) {
  return {
    id,
    emailAddress: address,
    displayName: name,
    address: ADDRESS,
    geoCoordinates: null,
    phone: '',
    nickname: place.nickname,
    label: '',
    capacity: place.capacity,
    building: place.building,
    floorNumber: place.floorNumber,
    floorLabel: place.floorLabel,
    isManaged: true,
    isWheelChairAccessible: place.isWheelChairAccessible,
    bookingType: 'standard',
    tags: place.hasVideo ? ['Video'] : [],
    audioDeviceName: place.audioDevice,
    videoDeviceName: place.hasVideo ? 'Room camera' : null,
    displayDeviceName: place.displayDevice,
  };
}

function renderList({ alias, name }: (typeof ROOM_LISTS)[number]) {
  return {
    id: guidOf(alias),
    emailAddress: addressOf(alias),
    displayName: name,
    address: ADDRESS,
    geoCoordinates: null,
    phone: '',
  };
}

/** The same for the same name, over restarts. */
function guidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
