/** Commands for Exchange's PowerShell, ready to be pasted by an administrator. */
import type { RoomAddress } from '../../contract/values/ids.ts';

/** Who wants into the calendars: an account that signed in, or the application itself. Null: nobody knows its name. */
export type Reader = { kind: 'account'; account: string | null } | { kind: 'application'; clientId: string };

/**
 * A double-quoted PowerShell string (about_Quoting_Rules). Directories hold what people typed: a quote (PowerShell takes
 * the typographic ones for quotes, too), a backtick or a dollar sign in an address must not end the string or run
 * anything, and a line break must not submit the line.
 */
export function quoted(text: string): string {
  const oneLine = text.toWellFormed().replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '');
  return `"${oneLine.replaceAll(/[`$"\u201C\u201D\u201E]/g, character => `\`${character}`)}"`;
}

export function grantRead(room: RoomAddress, reader: Reader): string {
  if (reader.kind === 'application') return grantApplication(reader.clientId);
  return `Add-MailboxFolderPermission ${folderRight(room, reader.account)}`;
}

/** The account may have a lesser right already: then it cannot be added, only set. */
export function grantWrite(room: RoomAddress, reader: Reader): string {
  if (reader.kind === 'application') return grantApplication(reader.clientId);
  const right = folderRight(room, reader.account);
  return `Add-MailboxFolderPermission ${right} -ErrorAction SilentlyContinue; Set-MailboxFolderPermission ${right}`;
}

function folderRight(room: RoomAddress, account: string | null): string {
  return `-Identity ${quoted(`${room}:\\Calendar`)} -User ${quoted(account ?? '<service account>')} -AccessRights Editor`;
}

/** Exchange's RBAC for Applications: this application, calendars only, room mailboxes only. Mends every room at once. */
function grantApplication(clientId: string): string {
  const scope = quoted('Lintel rooms');
  return [
    `New-ManagementScope -Name ${scope} -RecipientRestrictionFilter "RecipientTypeDetails -eq 'RoomMailbox'"`,
    `New-ManagementRoleAssignment -App ${quoted(clientId)} -Role "Application Calendars.ReadWrite" -CustomResourceScope ${scope}`,
  ].join('; ');
}

type Processing = {
  DeleteSubject?: boolean;
  AddOrganizerToSubject?: boolean;
  RemovePrivateProperty?: boolean;
  AllowConflicts?: boolean;
  PreserveDeclinedMeetings?: boolean;
  RemoveCanceledMeetings?: boolean;
};

export function setProcessing(room: RoomAddress, settings: Processing): string {
  const switches = Object.entries(settings).map(([name, value]) => `-${name} $${value}`);
  return `Set-CalendarProcessing -Identity ${quoted(room)} ${switches.join(' ')}`;
}

export function addToList(room: RoomAddress, list: string): string {
  return `Add-DistributionGroupMember -Identity ${quoted(list)} -Member ${quoted(room)}`;
}
