/** Named texts that are made once and kept: identifiers, secrets, keys. */
import * as v from 'valibot';
import type { Db } from './database.ts';

const Row = v.optional(v.object({ value: v.string() }));

export interface Settings {
  get(name: string): string | null;
  set(name: string, value: string): void;
  /** The stored text; made and stored at the first call. */
  keep(name: string, make: () => string): string;
}

export function makeSettings(db: Db): Settings {
  const read = db.prepare('select value from setting where name = ?');
  const write = db.prepare('insert into setting values (?, ?) on conflict (name) do update set value = excluded.value');
  const get = (name: string) => v.parse(Row, read.get(name))?.value ?? null;
  const set = (name: string, value: string) => void write.run(name, value);
  return {
    get,
    set,
    keep(name, make) {
      const known = get(name);
      if (known !== null) return known;
      const made = make();
      set(name, made);
      return made;
    },
  };
}
