/** A panel's page as large as a real panel's, made as small as the place there is. */
import { useLayoutEffect, useRef } from 'preact/hooks';

const WIDTH = 1280;
const HEIGHT = 800;

export function LiveFrame({ src, title }: { src: string; title: string }) {
  const box = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLIFrameElement>(null);
  useLayoutEffect(() => {
    const outer = box.current;
    if (!outer) return;
    const observer = new ResizeObserver(() => {
      if (frame.current) frame.current.style.transform = `scale(${outer.clientWidth / WIDTH})`;
    });
    observer.observe(outer);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={box} class="live-box">
      <iframe ref={frame} class="live-frame" src={src} title={title} width={WIDTH} height={HEIGHT} />
    </div>
  );
}
