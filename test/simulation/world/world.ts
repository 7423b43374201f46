/** One world: drawn from its seed, run to its end, and told as a history. */
import { between, milliseconds, minutes, plus, seconds } from '../../../src/contract/values/time.ts';
import { addressOf } from '../../../src/demo/office/directory.ts';
import { makeDice } from '../../support/dice.ts';
import type { History } from '../history.ts';
import { accessOf, assemble, type Parts, type Trace } from './assemble.ts';
import { makeDaysPlan } from './days.ts';
import { nextTap, tapFor } from './door.ts';
import { type Draw, makeDraw } from './draw.ts';
import type { Machine } from './machine.ts';
import { CANARY, People, zoneOfSomebody } from './people.ts';
import { type Deed, type Limits, makePlan, type Plan } from './plan.ts';

export type Options = {
  seed: number;
  limits: Limits;
  /** Called with one line for everything that happens. */
  trace: Trace;
};

/** Worlds that last for days, so that series have a past. */
const OF_DAYS = 0.3;

export async function runWorld({ seed, limits, trace }: Options): Promise<History> {
  const dice = makeDice(seed);
  const draw = makeDraw(dice);
  const plan = draw.chance(OF_DAYS) ? makeDaysPlan(draw, limits) : makePlan(draw, limits);
  const world = new World(plan, dice, trace);
  return world.run();
}

class World {
  readonly #plan: Plan;
  readonly #draw: Draw;
  readonly #parts: Parts;
  readonly #people: People;
  #taps = 0;
  #access: Plan['access'];

  constructor(plan: Plan, dice: () => number, trace: Trace) {
    this.#plan = plan;
    this.#access = plan.access;
    this.#draw = makeDraw(dice);
    this.#parts = assemble(plan, dice, trace, room => this.#notify(room));
    this.#people = new People(this.#parts.tenant.calendars, this.#draw, this.#parts.story);
  }

  async run(): Promise<History> {
    const { start, end, calmFrom, deeds } = this.#plan;
    const { clock, machines, history } = this.#parts;
    history.calmFrom = calmFrom;
    history.troubles.push(...troublesOf(this.#plan));
    this.#fillRooms();
    for (const machine of machines) {
      clock.after(milliseconds(Math.round(this.#draw.between(0, 3000))), () => void machine.start());
    }
    for (const { at, deed } of deeds) clock.after(between(start, at), () => this.#do(deed));
    await clock.advance(between(start, end));
    await this.#parts.end();
    lookForLeaks(history);
    return history;
  }

  #fillRooms() {
    const { start, rooms, zone, series } = this.#plan;
    const { chance, whole } = this.#draw;
    if (series) for (const one of series) this.#people.addSeries(one);
    else
      for (let room = 0; room < rooms; room++) {
        const address = addressOf(`room${room}`);
        for (let n = whole(0, 3); n > 0; n--) this.#people.invite(address);
        const minute = (start - (start % minutes(1))) as typeof start;
        if (!chance(0.4)) continue;
        const near = plus(minute, minutes(whole(-5, 12)));
        const length = minutes(whole(5, 30));
        this.#people.addSeries({ room, start: near, length, zone: zoneOfSomebody(this.#draw, zone), isForced: false });
      }
  }

  #do(deed: Deed) {
    const { clock, central, relay, tenant, machines } = this.#parts;
    const machine = 'panel' in deed ? machines[deed.panel] : undefined;
    switch (deed.kind) {
      case 'person':
        return deed.isRush
          ? this.#people.rush(addressOf(`room${deed.room}`))
          : this.#people.act(addressOf(`room${deed.room}`));
      case 'tap':
        return machine && this.#tap(machine, deed.isRush);
      case 'rush':
        return this.#rush(deed);
      case 'visit':
        return machine && this.#visit(machine, deed.wants);
      case 'crash':
      case 'night':
        machine?.crash();
        return clock.after(deed.back, () => void machine?.start());
      case 'set-clock':
        return machine?.setClock(deed.by);
      case 'disk-full':
        return machine?.fillDisk(deed.lasts);
      case 'page-dies':
        machine?.losePage();
        return clock.after(deed.lasts, () => machine?.bringPageBack());
      case 'central-restart':
        central.goDown();
        void relay.startAnew();
        return clock.after(deed.lasts, () => central.comeUp());
      case 'tokens-revoked':
        return deed.isTold ? central.renewGrant() : tenant.revokeTokens();
      case 'switch-access':
        this.#access = this.#access === 'relay' ? 'direct-graph' : 'relay';
        return central.switchAccess(accessOf(this.#access));
    }
  }

  #tap(machine: Machine, isRush: boolean) {
    const { view } = machine;
    if (!view) return;
    const intent = nextTap(view, machine.now(), this.#draw, { count: ++this.#taps, isRush });
    if (intent) machine.tap(intent);
  }

  #visit(machine: Machine, wants: (Deed & { kind: 'visit' })['wants']) {
    const { view } = machine;
    const intent = view && tapFor(wants, view, machine.now(), this.#draw, ++this.#taps);
    if (intent) machine.tap(intent);
  }

  #rush(rush: Deed & { kind: 'rush' }) {
    const { clock, machines } = this.#parts;
    const here = machines.filter((_, n) => this.#plan.panels[n]?.room === rush.room);
    if (here.length < 2 || clock.now() > plus(this.#plan.calmFrom, seconds(-30))) return;
    const isOffered = ({ view }: Machine) => view?.screen.kind === 'room' && view.screen.view.actions.book.length > 0;
    if (!here.every(isOffered)) return void clock.after(seconds(4), () => this.#rush(rush));
    for (const machine of here) {
      clock.after(milliseconds(this.#draw.between(0, rush.spread)), () => this.#tap(machine, true));
    }
  }

  /** The provider tells central some time later, or never, or twice; central tells the panels. */
  #notify(room: string) {
    if (!this.#plan.hasHints) return;
    const { dice, one } = this.#draw;
    for (let n = one([0, 1, 1, 1, 2]); n > 0; n--) {
      this.#parts.clock.after(milliseconds(300 + dice() * 3000), () => this.#parts.hint(room));
    }
  }
}

function lookForLeaks(history: History) {
  for (const { name, glass } of history.panels) {
    for (const { at, view } of glass) {
      if (JSON.stringify(view).includes(CANARY)) history.leaks.push({ at, where: `${CANARY} on the glass of ${name}` });
    }
  }
}

/** The plan's faults as the checker sees them: what kind, from when to when. */
function troublesOf({ faults, deeds }: Plan): History['troubles'] {
  const struck = deeds.flatMap(({ at, deed }) => {
    if (['person', 'tap', 'visit', 'rush'].includes(deed.kind)) return [];
    const lasts = 'lasts' in deed ? deed.lasts : 'back' in deed ? deed.back : seconds(0);
    return [{ kind: deed.kind, span: { start: at, end: plus(at, lasts) } }];
  });
  return [...faults.map(({ kind, span }) => ({ kind, span })), ...struck];
}
