/** How a connection's panels reach their calendars, and who invites rooms in its name. */
import * as v from 'valibot';
import type { CalendarAccess, Inviter } from '../../contract/values/config.ts';
import { RoomAddress } from '../../contract/values/ids.ts';
import { isApplication } from '../consent/rights.ts';
import type { SettingsRow } from '../store/tables.ts';

type Columns = Pick<SettingsRow, 'access' | 'graph_base' | 'sign_in' | 'service_account'>;

const Address = v.pipe(v.string(), v.email(), RoomAddress);

/**
 * `account`: who signed in, as the grant says; null without one. A person who signed in invites as themselves; an application
 * in the name of the service account that was typed. Null: nobody is known who could.
 */
export function inviterOf({ sign_in, service_account }: Columns, account: string | null): Inviter | null {
  const isSignedIn = !isApplication(sign_in);
  const addresses = isSignedIn ? [account, service_account] : [service_account];
  const address = addresses.find(text => v.is(Address, text));
  return address == null ? null : { isSignedIn, address: v.parse(Address, address) };
}

export function accessOf(settings: Columns, account: string | null): CalendarAccess {
  const inviter = inviterOf(settings, account);
  return settings.access === 'relay'
    ? { kind: 'relay', canInvite: inviter !== null }
    : { kind: 'direct-graph', graphBase: settings.graph_base, inviter };
}
