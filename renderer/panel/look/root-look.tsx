import { useLayoutEffect } from 'preact/hooks';
import { LOCALES } from '../../i18n/format.ts';
import { useLook } from '../panel-context.ts';

/** Tells the document's root how to look: the stylesheets and a screen reader follow. Draws nothing itself. */
export function RootLook() {
  const lang = LOCALES[useLook('language')];
  const theme = useLook('theme');
  const hourCycle = useLook('hourCycle');
  useLayoutEffect(() => {
    const root = document.documentElement;
    root.lang = lang;
    root.dataset.theme = theme;
    root.dataset.hourCycle = hourCycle;
  }, [lang, theme, hourCycle]);
  return null;
}
