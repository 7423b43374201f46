/** One step: what it is for, how far it is, and the one button that leads to its place. */
import type { ComponentChildren } from 'preact';
import type { SetUp } from '../../../../src/contract/wire/console.ts';
import { Icon } from '../../parts/icon.tsx';
import { hrefOf } from '../../state/route.ts';
import { panels, rooms } from '../../words.ts';
import { PasswordForm } from './password-form.tsx';
import { STEP_TITLES, type Step, type StepName, type StepState } from './steps.ts';

const STATES: Record<StepState, string> = { done: 'Done', now: 'Now', later: 'Later' };

type SetUpStepProps = { step: Step; number: number; known: SetUp; onPasswordChanged: () => void };

export function SetUpStep({ step: { name, state }, number, known, onPasswordChanged }: SetUpStepProps) {
  const titleId = `set-up-${name}`;
  return (
    <li
      class={`card set-up-step set-up-${state}`}
      aria-labelledby={titleId}
      aria-current={state === 'now' ? 'step' : undefined}
    >
      <span class="set-up-number" aria-hidden="true">
        {state === 'done' ? <Icon name="check" /> : number}
      </span>
      <div class="set-up-text">
        <header class="set-up-head">
          <h2 id={titleId}>{STEP_TITLES[name]}</h2>
          <span class="set-up-state">{STATES[state]}</span>
        </header>
        {state === 'done' ? <p class="soft">{doneWords(name, known)}</p> : <p>{PURPOSES[name]}</p>}
        {name === 'password' && state !== 'done' ? (
          <PasswordForm onDone={onPasswordChanged} />
        ) : (
          <Place name={name} state={state} known={known} />
        )}
      </div>
    </li>
  );
}

const PURPOSES: Record<StepName, ComponentChildren> = {
  password:
    'The password you logged in with was invented when central was started and printed for anybody to see there.',
  connection:
    'Tell central where your room calendars are and let it sign in: to Microsoft 365 with a service account or as an application.',
  rooms:
    'Central reads the rooms from your directory with building, floor and seats. It happens by itself after the sign-in; Save Settings does it again.',
  panel: (
    <>
      Start a panel at a door: it shows a code and appears under Free MACs. There you give it its room and a{' '}
      <a href={hrefOf('licence-keys')}>licence key</a>.
    </>
  ),
};

function doneWords(name: StepName, known: SetUp): string {
  switch (name) {
    case 'password':
      return 'You have a password of your own. Change it any time behind your name at the top.';
    case 'connection':
      return 'Central has access to your calendars.';
    case 'rooms':
      return `${rooms(known.rooms)} known.`;
    case 'panel':
      return `${panels(known.panels)} paired.`;
  }
}

function Place({ name, state, known }: { name: StepName; state: StepState; known: SetUp }) {
  const place = placeOf(name, state, known);
  if (!place) return null;
  return (
    <div class="buttons">
      <a class={`button ${state === 'now' ? 'button-primary' : 'button-plain'}`} href={place.href}>
        {place.label}
      </a>
    </div>
  );
}

function placeOf(name: StepName, state: StepState, known: SetUp): { href: string; label: string } | null {
  switch (name) {
    case 'password':
      return null;
    case 'connection':
      if (state === 'done') return { href: hrefOf('server-settings'), label: 'Show Server Settings' };
      return {
        href: hrefOf('server-settings'),
        label: known.connection === 'saved' ? 'Get the access token' : 'Enter the connection',
      };
    case 'rooms':
      if (state === 'done') return { href: hrefOf('rooms'), label: 'Show the rooms' };
      return { href: hrefOf('server-settings'), label: 'Import in Server Settings' };
    case 'panel':
      if (state === 'done') return { href: hrefOf('rooms'), label: 'Show the panels' };
      return { href: hrefOf('free-macs'), label: 'Show waiting panels' };
  }
}
