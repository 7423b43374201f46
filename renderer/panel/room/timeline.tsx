import { useLayoutEffect, useRef } from 'preact/hooks';
import type { RoomView } from '../../../src/contract/bridge/view.ts';
import type { Stop } from '../../../src/contract/values/clock.ts';
import { contains, type Instant, seconds } from '../../../src/contract/values/time.ts';
import type { Activity } from '../model/activity.ts';
import { layOutDay } from '../model/day-layout.ts';
import { usePanel } from '../panel-context.ts';
import { meetingLabel } from './meeting-label.ts';
import { TimelineBlock } from './timeline-block.tsx';

/** After somebody scrolled the day, it goes back to now. */
const SCROLL_BACK = seconds(20);
/** Where now stands in the visible part: more of the day lies ahead than behind. */
const NOW_AT = 0.3;

type TimelineProps = { view: RoomView; now: Instant; activity: Activity | null; isKnown: boolean };

/** The room's day from top to bottom, with a line at now. */
export function Timeline({ view, now, activity, isKnown }: TimelineProps) {
  const { text, format } = usePanel();
  const day = isKnown ? view.day : { ...view.day, meetings: [] };
  const layout = layOutDay(day, now, format);
  const { range } = layout;
  const share = (at: Instant) => (at - range.start) / (range.end - range.start);
  const isToday = contains(range, now);
  const scroller = useScrollToNow(isToday ? share(now) : 0, now);
  const ghost = activity && activity.action === 'book' && activity.state.kind !== 'confirmed' ? activity : null;
  return (
    <div class="timeline-frame">
      {layout.allDay.length > 0 && (
        <ul class="all-day">
          {layout.allDay.map(m => (
            <li key={m.id} class="outside">
              <span>{text.allDay}</span> {meetingLabel(m, text).title}
            </li>
          ))}
        </ul>
      )}
      <div class="timeline" ref={scroller} data-testid="timeline">
        <div class="timeline-day" style={{ '--hours': layout.hours }}>
          {layout.marks.map(mark => (
            <div key={mark.at} class="hour" style={{ '--top': mark.top }}>
              {mark.label}
            </div>
          ))}
          {isToday && <div class="now-line" style={{ '--top': share(now) }} />}
          <div class="blocks">
            {layout.blocks.map(block => (
              <TimelineBlock key={block.meeting.id} block={block} now={now} />
            ))}
            {ghost && ghost.state.kind !== 'refused' && ghost.state.kind !== 'unanswered' && (
              <div
                class="block block-ghost"
                style={{
                  '--top': share(ghost.span.start),
                  '--height': share(ghost.span.end) - share(ghost.span.start),
                }}
              />
            )}
          </div>
        </div>
      </div>
    </div>
  );
}

/** Keeps now in sight: at every change of the minute, unless somebody is looking elsewhere. */
function useScrollToNow(share: number, now: Instant) {
  const { clock } = usePanel();
  const scroller = useRef<HTMLDivElement>(null);
  const touched = useRef<Stop | null>(null);
  const latest = useRef(share);
  latest.current = share;

  useLayoutEffect(() => {
    if (!touched.current) centre(scroller.current, share);
  }, [share, now]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const onTouch = () => {
      touched.current?.();
      touched.current = clock.after(SCROLL_BACK, () => {
        touched.current = null;
        centre(element, latest.current);
      });
    };
    const onResize = () => centre(element, latest.current);
    const resizes = new ResizeObserver(onResize);
    resizes.observe(element);
    element.addEventListener('pointerdown', onTouch);
    element.addEventListener('wheel', onTouch, { passive: true });
    return () => {
      touched.current?.();
      resizes.disconnect();
      element.removeEventListener('pointerdown', onTouch);
      element.removeEventListener('wheel', onTouch);
    };
  }, [clock]);

  return scroller;
}

function centre(element: HTMLElement | null, share: number) {
  if (element) element.scrollTop = share * element.scrollHeight - NOW_AT * element.clientHeight;
}
