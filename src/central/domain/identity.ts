/**
 * Finds copied identities. Every start of an agent has a random `boot`, in every proof; `starts` counts them beside the
 * key. When one agent restarts, the old boot is never heard again. Two living agents on one key give themselves away:
 *  - a boot speaks that another one had already replaced, or
 *  - a new boot has a count of starts that this key has already been through (the copy and the original both counted on).
 */
export type BootBook = {
  current: string | null;
  /** Boots that were replaced, newest first. */
  superseded: readonly string[];
  /** The highest count heard; 0 when none was. */
  starts: number;
};

export type BootHeard =
  | { kind: 'known'; book: BootBook }
  | { kind: 'new'; book: BootBook }
  /** Another start than the one that enrolled last: it must enrol first, which says how many starts there were. */
  | { kind: 'unknown' }
  | { kind: 'conflict'; why: 'superseded-boot' | 'starts-went-back' };

/** Labels, no proof: who copies a key may copy these, too. But most who copy a disk do not. */
export type MachineLabels = { mac: string | null; machineId: string | null };

export const EMPTY_BOOT_BOOK: BootBook = { current: null, superseded: [], starts: 0 };
/** A panel that restarts every night keeps its history for seven weeks. */
const REMEMBERED = 50;

/** `starts` null: the message does not carry it (only an enrolment does). */
export function hearBoot(book: BootBook, boot: string, starts: number | null): BootHeard {
  if (boot === book.current) return { kind: 'known', book: { ...book, starts: Math.max(book.starts, starts ?? 0) } };
  if (book.superseded.includes(boot)) return { kind: 'conflict', why: 'superseded-boot' };
  if (starts === null && book.current !== null) return { kind: 'unknown' };
  if (starts !== null && starts <= book.starts) return { kind: 'conflict', why: 'starts-went-back' };
  const superseded = book.current === null ? book.superseded : [book.current, ...book.superseded].slice(0, REMEMBERED);
  return { kind: 'new', book: { current: boot, superseded, starts: starts ?? book.starts } };
}

/**
 * Whether a key that is paired has turned up on other hardware: both labels are others than before. One alone changes on
 * honest panels, too: the MAC with a dock or before the network is up, the machine id with a package that brings a second file of it.
 */
export function isOtherMachine(before: MachineLabels, now: MachineLabels): boolean {
  const { mac, machineId } = before;
  return mac !== null && machineId !== null && mac !== now.mac && machineId !== now.machineId;
}
