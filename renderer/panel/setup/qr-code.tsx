import { useEffect, useState } from 'preact/hooks';

/**
 * A QR code as one SVG path, dark on light with the four modules of quiet zone the standard asks for. The encoder is
 * fetched when the first code is drawn: a panel that has its room never needs it.
 */
export function QrCode({ text, label }: { text: string; label: string }) {
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  useEffect(() => {
    let isCurrent = true;
    import('uqr').then(({ encode }) => {
      if (isCurrent) setDrawn(outline(encode(text, { ecc: 'M', border: 4 })));
    });
    return () => {
      isCurrent = false;
    };
  }, [text]);
  const size = drawn?.size ?? 1;
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      {drawn && <path d={drawn.path} />}
    </svg>
  );
}

type Drawn = { size: number; path: string };

const outline = ({ data, size }: { data: boolean[][]; size: number }): Drawn => ({
  size,
  path: data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join(''),
});
