import { encode } from 'uqr';

/** A QR code as one path; capitals, digits and dashes take little room (ISO/IEC 18004, alphanumeric mode). */
export function Qr({ text }: { text: string }) {
  // Q stands a quarter of the sheet being dirty or creased; the quiet zone is four modules, as the norm asks.
  const { data, size } = encode(text, { ecc: 'Q', border: 4 });
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={`QR code of ${text}`}
      shape-rendering="crispEdges"
    >
      <path d={pathOf(data)} />
    </svg>
  );
}

/** A stroke a run of dark modules in each row. */
function pathOf(rows: readonly (readonly boolean[])[]): string {
  let path = '';
  rows.forEach((row, y) => {
    let start = -1;
    for (let x = 0; x <= row.length; x++) {
      if (row[x] && start < 0) start = x;
      if (!row[x] && start >= 0) {
        path += `M${start} ${y}h${x - start}v1H${start}z`;
        start = -1;
      }
    }
  });
  return path;
}
