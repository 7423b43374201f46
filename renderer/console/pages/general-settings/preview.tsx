/** A panel as it will look: the panel's own page in a frame, told of every change as it is typed. */
import { useEffect, useRef, useState } from 'preact/hooks';
import * as v from 'valibot';
import { Policy } from '../../../../src/contract/values/policy.ts';
import { PreviewMessage } from '../../../../src/contract/values/preview.ts';

type Scene = PreviewMessage['scene'];
const SCENES: [Scene, string][] = [
  ['free', 'Free'],
  ['starting-soon', 'Starting soon'],
  ['check-in', 'Check-in'],
  ['in-meeting', 'In a meeting'],
  ['stale', 'No connection'],
  ['night', 'At night'],
];

type PreviewProps = { policy: unknown; roomName: string };

export function Preview({ policy, roomName }: PreviewProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [scene, setScene] = useState<Scene>('free');
  const [readings, setReadings] = useState(0);
  // What is half typed makes no policy: the panel keeps showing the last whole one.
  const parsed = v.safeParse(Policy, policy);
  const whole = useRef<Policy | null>(null);
  if (parsed.success) whole.current = parsed.output;

  useEffect(() => {
    const onMessage = (event: MessageEvent) => {
      if (event.source === frame.current?.contentWindow && event.origin === window.location.origin) {
        setReadings(n => n + 1);
      }
    };
    window.addEventListener('message', onMessage);
    return () => window.removeEventListener('message', onMessage);
  }, []);

  const message: PreviewMessage | null = whole.current && {
    kind: 'lintel-preview',
    policy: whole.current,
    roomName,
    scene,
  };
  const text = JSON.stringify(message);
  useEffect(() => {
    const told = v.safeParse(v.pipe(v.string(), v.parseJson(), PreviewMessage), text);
    if (told.success) frame.current?.contentWindow?.postMessage(told.output, window.location.origin);
  }, [text, readings]);

  return (
    <section class="card preview" aria-labelledby="preview-title">
      <h2 id="preview-title" class="card-head">
        Preview
      </h2>
      <iframe ref={frame} class="preview-frame" src="preview/" title="A panel with these settings" tabIndex={-1} />
      <fieldset class="tabs preview-scenes">
        <legend class="sr-only">What the room is doing</legend>
        {SCENES.map(([value, label]) => (
          <label key={value} class={value === scene ? 'tab tab-on' : 'tab'}>
            <input
              type="radio"
              name="preview-scene"
              class="sr-only"
              checked={value === scene}
              onChange={() => setScene(value)}
            />
            {label}
          </label>
        ))}
      </fieldset>
    </section>
  );
}
