import type { Problem } from '../../../src/contract/bridge/view.ts';
import type { Duration } from '../../../src/contract/values/time.ts';
import { Icon } from '../../ui/icon.tsx';
import { usePanel, type Words } from '../panel-context.ts';

/** Things somebody should mend, small: they are not the passer-by's concern. */
export function Problems() {
  const panel = usePanel();
  const view = panel.model.view.value;
  const unread = panel.model.readProblem.value;
  if (!view) return null;
  const reading = unread ? [panel.text.readProblems[unread]] : [];
  const lines = [...reading, ...view.problems.map(problem => problemText(problem, panel))];
  if (lines.length === 0) return null;
  return (
    <ul class="problems">
      {lines.map(line => (
        <li key={line}>
          <Icon name="warning" />
          {line}
        </li>
      ))}
    </ul>
  );
}

function problemText(problem: Problem, { text, format, duration }: Words): string {
  switch (problem.kind) {
    case 'central-away':
      return text.problem.centralAway(format.time(problem.since));
    case 'clock-wrong':
      return text.problem.clockWrong(duration(Math.abs(problem.by) as Duration));
    case 'snapshot-set-aside':
      return text.problem.snapshot;
    case 'disk-full':
      return text.problem.diskFull;
    case 'config-refused':
      return text.problem.configRefused;
  }
}
