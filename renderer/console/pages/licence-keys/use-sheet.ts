import { type ComponentChild, render } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/**
 * A sheet beside the console, which paper shows instead of it (page-licence-keys.css). It is made when somebody prints, by
 * our button or by the browser's menu, and goes away with the component.
 */
export function useSheet(draw: () => ComponentChild): () => void {
  const place = useRef<HTMLElement | null>(null);
  const latest = useRef(draw);
  latest.current = draw;

  function show() {
    if (place.current) return;
    const element = document.createElement('div');
    element.className = 'sheet';
    document.body.append(element);
    render(latest.current(), element);
    place.current = element;
  }
  useEffect(() => {
    window.addEventListener('beforeprint', show);
    return () => {
      window.removeEventListener('beforeprint', show);
      if (!place.current) return;
      render(null, place.current);
      place.current.remove();
    };
  }, []);
  return () => {
    show();
    window.print();
  };
}
