/** What every component of the panel page needs: the model, the words and the way to write times. */
import { computed, type ReadonlySignal, useComputed } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Look } from '../../src/contract/bridge/view.ts';
import type { Clock } from '../../src/contract/values/clock.ts';
import { DEFAULT_POLICY } from '../../src/contract/values/policy.ts';
import type { Duration } from '../../src/contract/values/time.ts';
import { durationText } from '../i18n/duration.ts';
import { type Format, LOCALES, makeFormat } from '../i18n/format.ts';
import { CATALOGUES } from '../i18n/panel/catalogues.ts';
import type { PanelText } from '../i18n/panel/en.ts';
import type { PanelModel } from './model/panel-model.ts';

/** What the glass says and how it writes times: in the room's zone, in the language and hour cycle of the look. */
export type Words = {
  readonly text: PanelText;
  readonly format: Format;
  readonly duration: (length: Duration) => string;
};

export type PanelContext = {
  readonly model: PanelModel;
  readonly clock: Clock;
  /** Made anew only when language, hour cycle or zone change, not with every view. */
  readonly words: ReadonlySignal<Words>;
};

export function makePanelContext(model: PanelModel, clock: Clock): PanelContext {
  const zone = computed(() => {
    const view = model.view.value;
    return view?.screen.kind === 'room' ? view.screen.view.room.zone : (view?.zone ?? null);
  });
  const language = computed(() => lookOf(model, 'language'));
  const hourCycle = computed(() => lookOf(model, 'hourCycle'));
  const words = computed(() => {
    const locale = LOCALES[language.value];
    return {
      text: CATALOGUES[language.value],
      format: makeFormat(locale, zone.value, hourCycle.value),
      duration: durationText(locale),
    };
  });
  return { model, clock, words };
}

const Context = createContext<PanelContext | null>(null);
export const PanelProvider = Context.Provider;

export type Panel = { readonly model: PanelModel; readonly clock: Clock } & Words;

export function usePanel(): Panel {
  const panel = useContext(Context);
  if (!panel) throw new Error('outside the panel');
  const { model, clock, words } = panel;
  return { model, clock, ...words.value };
}

type SteadyLook = Omit<Look, 'brightness'>;
type LookField = keyof SteadyLook;

/** One field of the look. A view that brings the same value again draws nothing anew, however long the value is. */
export function useLook<K extends LookField>(field: K): SteadyLook[K] {
  const { model } = usePanel();
  return useComputed(() => lookOf(model, field)).value;
}

function lookOf<K extends LookField>({ view }: PanelModel, field: K): SteadyLook[K] {
  // Before the first view the glass looks as it does by default.
  const look: SteadyLook = view.value?.look ?? DEFAULT_POLICY;
  return look[field];
}
