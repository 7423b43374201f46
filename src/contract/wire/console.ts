/**
 * Console pages to central, below `/console/api/v1`. A session cookie (`__Host-lintel`, Secure, HttpOnly, SameSite=Strict)
 * after log-in; every request that changes anything must be JSON and carry `Lintel-Console: 1` (no cross-site form can).
 * Errors are WireError (wire/panel.ts): 400 invalid, 401 logged out, 404, 409 what stands in the way, 429, 502 the provider's.
 *
 *   POST   /login                       Login               -> 204 | 401 | 429
 *   POST   /logout                                          -> 204
 *   GET    /session                                         -> Session | 401
 *   POST   /password                    PasswordChange      -> 204 | 403
 *   GET    /overview                                        -> Overview           counts for the menu, and alerts
 *   GET    /set-up                                          -> SetUp
 *   PUT    /set-up                      SetUpInput          -> 204
 *
 *   GET    /server-settings                                 -> ConnectionRow[]    the default one first
 *   POST   /server-settings             ServerSettingsInput -> NewConnection      one more
 *   GET    /server-settings/:id                             -> ServerSettings     id `default` always exists
 *   PUT    /server-settings/:id         ServerSettingsInput -> SaveAnswer         saves; imports the rooms when a token is there
 *   DELETE /server-settings/:id                             -> 204                not the default one, nor with panels in its rooms
 *   POST   /server-settings/:id/test                        -> ConnectionTest
 *   POST   /server-settings/:id/token                       -> { url } | SaveAnswer  Get Access Token: where to send the browser; an application's is fetched at once
 *   POST   /server-settings/:id/token/refresh               -> TokenStatus        Refresh Access Token
 *   DELETE /server-settings/:id/token                       -> TokenStatus        Delete Access Token; panels drop theirs at once
 *   POST   /server-settings/:id/consent                     -> ConsentLink        for an administrator of the tenant
 *   GET    /server-settings/:id/calendars?mailbox=          -> CalendarList       to pick the public holidays from; without mailbox the service account's
 *   GET    /server-settings/:id/room-checks                 -> RoomCheck[]        of the last time
 *   POST   /server-settings/:id/room-checks                 -> RoomCheck[]        looks at every room now
 *
 *   GET    /rooms                                           -> RoomRow[]
 *   POST   /rooms                       NewRoom             -> RoomRow
 *   PUT    /rooms/:id                   RoomEdit            -> RoomRow
 *   DELETE /rooms/:id                                       -> 204                without a panel; added by hand, or missing
 *   GET    /rooms/use?date=YYYY-MM-DD                       -> UseOfRooms
 *   GET    /rooms/:id/photo                                 -> the picture
 *   PUT    /rooms/:id/photo             PhotoInput          -> 204
 *   DELETE /rooms/:id/photo                                 -> 204
 *
 *   GET    /licence-keys                                    -> LicenceKeyRow[]
 *   POST   /licence-keys                NewLicenceKeysInput -> NewLicenceKeys     the keys in clear, this once
 *   POST   /licence-keys/:id/revoke                         -> LicenceKeyRow
 *   GET    /licence                                         -> LicenceStatus
 *   PUT    /licence                     LicenceFileInput    -> LicenceStatus
 *   DELETE /licence                                         -> LicenceStatus
 *
 *   GET    /free-macs                                       -> WaitingPanel[]
 *   POST   /free-macs/code              CodeInput           -> CodeAnswer
 *   POST   /free-macs/confirm           ConfirmInput        -> ConfirmAnswer
 *   POST   /free-macs/:panel/approve    Approval            -> 204 | 409
 *   POST   /free-macs/:panel/reject                         -> 204
 *   GET    /registrations                                   -> RegistrationRow[]
 *   POST   /registrations/import        RollOutInput        -> RollOutAnswer
 *   GET    /registrations/export                            -> text/csv           panels and registrations, in the import's columns
 *   DELETE /registrations/:mac                              -> 204
 *   POST   /panels/:panel/unpair                            -> 204                back to Free MACs; also ends an identity conflict or a revocation
 *   POST   /panels/:panel/revoke                            -> 204                its licence key becomes free; it gets nothing more
 *   POST   /panels/:panel/move          Move                -> 204
 *   POST   /panels/:panel/rename        Rename              -> 204
 *   POST   /panels/:panel/replace       Replacement         -> 204
 *   POST   /panels/:panel/identify                          -> 204 | 409 panel-offline
 *   POST   /panels/:panel/restart                           -> 204 | 409 panel-offline
 *   POST   /panels/:panel/diagnostics                       -> Diagnostics | 409 panel-offline | 504
 *
 *   GET    /policies                                        -> Policies
 *   PUT    /policies                    PolicyInput         -> NewVersion         pushed at once
 *   GET    /policies/history                                -> Revision[]         newest first, at most 200
 *   POST   /policies/roll-back          RollBack            -> NewVersion
 *
 *   GET    /demo                                            -> DemoStatus
 *   PUT    /demo                        DemoSwitch          -> DemoStatus
 *   POST   /demo/act                    DemoAction          -> 204
 *
 *   GET    /stream                                          -> server-sent events, `event: changed`, data: Topic
 *
 * The browser comes back from the sign-in, and an administrator from giving consent, at `/console/oauth/callback`.
 */
import * as v from 'valibot';

export * from './console/demo.ts';
export * from './console/licences.ts';
export * from './console/panels.ts';
export * from './console/policies.ts';
export * from './console/rooms.ts';
export * from './console/server-settings.ts';
export * from './console/session.ts';

export const Topic = v.picklist([
  'server-settings',
  'rooms',
  'licence-keys',
  'free-macs',
  'general-settings',
  'demo',
  'set-up',
]);
export type Topic = v.InferOutput<typeof Topic>;
