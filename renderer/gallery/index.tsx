/** Every state, small, in both ways a panel hangs; a tap shows it full size. */
export function Index({ names }: { names: readonly string[] }) {
  return (
    <main class="gallery">
      <h1>Panel gallery</h1>
      <p>{names.length} states, 20 November 2026, 14:07 in Oslo</p>
      <ul class="gallery-grid">
        {names.map(name => (
          <li key={name}>
            <a href={`#/${name}`}>{name}</a>
            <div class="gallery-frames">
              <iframe class="gallery-wide" title={`${name}, landscape`} src={`./index.html#/${name}`} loading="lazy" />
              <iframe class="gallery-tall" title={`${name}, portrait`} src={`./index.html#/${name}`} loading="lazy" />
            </div>
          </li>
        ))}
      </ul>
    </main>
  );
}
