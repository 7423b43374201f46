/** Reads custom properties out of our stylesheets and reckons what colours come out, as a browser would. */

export type Rgb = readonly [number, number, number];
type Rule = { selector: string; declarations: Map<string, string> };

export function rulesOf(css: string): Rule[] {
  const plain = css.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/@import[^;]+;/g, '');
  return [...plain.matchAll(/([^{}]+)\{([^{}]*)\}/g)].flatMap(([, selectors = '', body = '']) => {
    const declarations = new Map(
      body
        .split(';')
        .map(line => line.split(/:(.*)/s).map(part => part?.trim() ?? ''))
        .filter(([name]) => name !== '')
        .map(([name = '', value = '']) => [name, value]),
    );
    return selectors.split(',').map(selector => ({ selector: selector.trim(), declarations }));
  });
}

/** What holds for an element that matches `selectors`, the later ones winning; they must all exist. */
export function cascade(rules: readonly Rule[], selectors: readonly string[]): Map<string, string> {
  const found = selectors.map(selector => rules.filter(rule => rule.selector === selector));
  const missing = selectors.filter((_, index) => found[index]?.length === 0);
  if (missing.length > 0) throw new Error(`no rule for ${missing}`);
  return new Map(found.flat().flatMap(({ declarations }) => [...declarations]));
}

/** A colour as sRGB, 0 to 255; `over`: what shines through where it is transparent. */
export function colour(value: string, properties: Map<string, string>, over?: Rgb): Rgb {
  const text = value.trim();
  const hex = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(text)?.[1];
  if (hex) {
    const pairs = hex.length === 3 ? [...hex].map(digit => digit + digit) : (hex.match(/../g) ?? []);
    const [r = 0, g = 0, b = 0] = pairs.map(pair => Number.parseInt(pair, 16));
    return [r, g, b];
  }
  if (text === 'transparent' && over) return over;
  const name = /^var\((--[\w-]+)\)$/.exec(text)?.[1];
  if (name) {
    const meant = properties.get(name);
    if (meant === undefined) throw new Error(`nobody sets ${name}`);
    return colour(meant, properties, over);
  }
  const [, first, percent, second] = /^color-mix\(in srgb, (.+) (\d+)%, (.+)\)$/.exec(text) ?? [];
  if (!first || !second) throw new Error(`not understood: ${text}`);
  const [a, b] = [colour(first, properties, over), colour(second, properties, over)];
  const share = Number(percent) / 100;
  const mix = (index: 0 | 1 | 2) => a[index] * share + b[index] * (1 - share);
  return [mix(0), mix(1), mix(2)];
}

/** WCAG 2.2, "contrast ratio": 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(rgb: Rgb): number {
  const [r = 0, g = 0, b = 0] = rgb.map(channel => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
