/** What every component of the panel page needs: the model, the words and the way to write times. */
import { computed, type ReadonlySignal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Clock } from '../../src/contract/values/clock.ts';
import type { Duration } from '../../src/contract/values/time.ts';
import { durationText } from '../i18n/duration.ts';
import { DEFAULT_LOCALE, type Format, makeFormat } from '../i18n/format.ts';
import { en, type PanelText } from '../i18n/panel/en.ts';
import type { PanelModel } from './model/panel-model.ts';

export type PanelContext = {
  readonly model: PanelModel;
  readonly clock: Clock;
  readonly text: PanelText;
  /** Times in the room's zone; made anew only when the zone changes. */
  readonly format: ReadonlySignal<Format>;
  readonly duration: (length: Duration) => string;
};

export function makePanelContext(model: PanelModel, clock: Clock): PanelContext {
  const zone = computed(() => {
    const view = model.view.value;
    return view?.screen.kind === 'room' ? view.screen.view.room.zone : (view?.zone ?? null);
  });
  return {
    model,
    clock,
    text: en,
    format: computed(() => makeFormat(DEFAULT_LOCALE, zone.value)),
    duration: durationText(DEFAULT_LOCALE),
  };
}

const Context = createContext<PanelContext | null>(null);
export const PanelProvider = Context.Provider;

export function usePanel(): PanelContext {
  const panel = useContext(Context);
  if (!panel) throw new Error('outside the panel');
  return panel;
}
