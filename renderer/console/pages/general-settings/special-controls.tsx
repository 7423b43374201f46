/** Controls for settings that are more than one value. */
import { useState } from 'preact/hooks';
import * as v from 'valibot';
import {
  type CheckInPolicy,
  type Dimming,
  Logo,
  type PinHash,
  type Privacy,
  type StrikePolicy,
  type WorkingHours,
} from '../../../../src/contract/values/policy.ts';
import { type Duration, minutes } from '../../../../src/contract/values/time.ts';
import { Button } from '../../parts/button.tsx';
import { Amount, Choice, type ControlProps, TimeSpan } from './controls.tsx';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

export function Hours(props: ControlProps<WorkingHours>) {
  const { value, onChange } = props;
  const toggle = (day: number, isOn: boolean) => {
    const days = isOn ? [...value.days, day] : value.days.filter(other => other !== day);
    onChange({ ...value, days: days.toSorted((a, b) => a - b) });
  };
  return (
    <fieldset class="bare" aria-describedby={props.describedBy}>
      <legend class="sr-only">Working days and hours</legend>
      <div class="days">
        {DAYS.map((name, index) => (
          <label key={name} class="day">
            <input
              type="checkbox"
              checked={value.days.includes(index + 1)}
              onChange={event => toggle(index + 1, event.currentTarget.checked)}
            />
            <span aria-hidden="true">{name.slice(0, 2)}</span>
            <span class="sr-only">{name}</span>
          </label>
        ))}
      </div>
      <div class="input-row">
        <TimeOfDay
          id={props.id}
          label="From"
          value={value.start}
          isInvalid={props.isInvalid}
          onChange={start => onChange({ ...value, start })}
        />
        <TimeOfDay
          id={`${props.id}-end`}
          label="to"
          value={value.end}
          isInvalid={props.isInvalid}
          onChange={end => onChange({ ...value, end })}
        />
      </div>
    </fieldset>
  );
}

type TimeOfDayProps = {
  id: string;
  label: string;
  value: string;
  isInvalid: boolean;
  onChange: (value: string) => void;
};

const TimeOfDay = ({ id, label, value, isInvalid, onChange }: TimeOfDayProps) => (
  <span class="amount">
    <label class="soft" for={id}>
      {label}
    </label>
    <input
      id={id}
      class="input"
      type="time"
      // `24:00` ends a day, but no time field can hold it.
      value={value === '24:00' ? '00:00' : value}
      aria-invalid={isInvalid}
      onInput={event => {
        const typed = event.currentTarget.value;
        onChange(id.endsWith('-end') && typed === '00:00' ? '24:00' : typed);
      }}
    />
  </span>
);

export function DimmingControl(props: ControlProps<Dimming>) {
  const { value, onChange } = props;
  return (
    <div class="stack">
      <Choice
        {...props}
        value={value.kind}
        options={[
          ['off', 'Never'],
          ['outside-working-hours', 'Outside working hours'],
        ]}
        onChange={kind => onChange(kind === 'off' ? { kind } : { kind, brightness: 20 })}
      />
      {value.kind === 'outside-working-hours' && (
        <Part label="Brightness" id={`${props.id}-brightness`}>
          {id => (
            <Amount
              {...props}
              id={id}
              name="brightness"
              unit="% of full"
              min={5}
              max={80}
              value={value.brightness}
              onChange={brightness => onChange({ ...value, brightness })}
            />
          )}
        </Part>
      )}
    </div>
  );
}

export function CheckIn(props: ControlProps<CheckInPolicy>) {
  const { value, onChange, ...ids } = props;
  return (
    <div class="stack">
      <Choice
        {...ids}
        value={value.kind}
        options={[
          ['off', 'Nobody has to check in'],
          ['required', 'People check in on the panel'],
        ]}
        onChange={kind => onChange(kind === 'off' ? { kind } : { kind, opensBefore: minutes(10), grace: minutes(10) })}
      />
      {value.kind === 'required' && (
        <div class="input-row">
          <Part label="Opens before the start" id={`${ids.id}-opens`}>
            {id => (
              <TimeSpan
                {...ids}
                id={id}
                name="opensBefore"
                unit="minutes"
                min={0}
                max={60}
                value={value.opensBefore}
                onChange={(opensBefore: Duration) => onChange({ ...value, opensBefore })}
              />
            )}
          </Part>
          <Part label="Time after the start" id={`${ids.id}-grace`}>
            {id => (
              <TimeSpan
                {...ids}
                id={id}
                name="grace"
                unit="minutes"
                min={1}
                max={60}
                value={value.grace}
                onChange={(grace: Duration) => onChange({ ...value, grace })}
              />
            )}
          </Part>
        </div>
      )}
    </div>
  );
}

export function Strikes(props: ControlProps<StrikePolicy>) {
  const { value, onChange, ...ids } = props;
  const after = value.kind === 'off' ? 3 : value.after;
  return (
    <div class="stack">
      <Choice
        {...ids}
        value={value.kind}
        options={[
          ['off', 'Nothing but the release'],
          ['tell', 'Tell the organiser how often it was'],
          ['decline-series', 'Decline the rest of the series, and say so'],
        ]}
        onChange={kind => onChange(kind === 'off' ? { kind } : { kind, after })}
      />
      {value.kind !== 'off' && (
        <Part label="After" id={`${ids.id}-after`}>
          {id => (
            <Amount
              {...ids}
              id={id}
              name="after"
              unit="times in a row"
              min={2}
              max={10}
              value={value.after}
              onChange={n => onChange({ ...value, after: n })}
            />
          )}
        </Part>
      )}
    </div>
  );
}

export function PrivacyControl(props: ControlProps<Privacy>) {
  const { value, onChange, ...ids } = props;
  const shown = [
    ['shown', 'Shown'],
    ['hidden', 'Hidden'],
  ] as const;
  return (
    <div class="stack">
      <Part label="Subjects" id={ids.id}>
        {id => (
          <Choice
            {...ids}
            id={id}
            name="subjects"
            value={value.subjects}
            options={shown}
            onChange={subjects => onChange({ ...value, subjects })}
          />
        )}
      </Part>
      <Part label="Organisers" id={`${ids.id}-organizers`}>
        {id => (
          <Choice
            {...ids}
            id={id}
            name="organizers"
            value={value.organizers}
            options={shown}
            onChange={organizers => onChange({ ...value, organizers })}
          />
        )}
      </Part>
      <Part label="Meetings marked personal" id={`${ids.id}-personal`}>
        {id => (
          <Choice
            {...ids}
            id={id}
            name="personal"
            value={value.isPersonalPrivate ? 'masked' : 'shown'}
            options={[
              ['masked', 'Masked like private ones'],
              ['shown', 'Treated like any other'],
            ]}
            onChange={choice => onChange({ ...value, isPersonalPrivate: choice === 'masked' })}
          />
        )}
      </Part>
    </div>
  );
}

type PartProps = { label: string; id: string; children: (id: string) => preact.ComponentChildren };

const Part = ({ label, id, children }: PartProps) => (
  <div class="part">
    <label class="soft" for={id}>
      {label}
    </label>
    {children(id)}
  </div>
);

const LARGEST_LOGO = 24 * 1024;

export function LogoControl(props: ControlProps<string | null>) {
  const [problem, setProblem] = useState<string | null>(null);
  async function take(file: File | undefined) {
    if (!file) return;
    if (file.size > LARGEST_LOGO) {
      setProblem(
        `This picture has ${Math.ceil(file.size / 1024)} KiB; at most 24 KiB fit. An SVG is usually far smaller.`,
      );
      return;
    }
    const parsed = v.safeParse(Logo, await dataUrlOf(file));
    setProblem(parsed.success ? null : 'This is not a PNG, JPEG, WebP or SVG picture.');
    if (parsed.success) props.onChange(parsed.output);
  }
  return (
    <div class="stack">
      {props.value && <img class="logo-shown" src={props.value} alt="The logo as it is now" />}
      <div class="input-row">
        <input
          id={props.id}
          name={props.name}
          class="input"
          type="file"
          accept="image/png,image/jpeg,image/webp,image/svg+xml"
          aria-describedby={props.describedBy}
          aria-invalid={props.isInvalid || problem !== null}
          onChange={event => void take(event.currentTarget.files?.[0])}
        />
        {props.value && <Button onPress={() => props.onChange(null)}>Remove</Button>}
      </div>
      {problem && (
        <p class="field-error" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

const dataUrlOf = (file: File) =>
  new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });

export type Pin = PinHash | { digits: string } | null;

/** A PIN that is set is never shown: it can be replaced or taken away. */
export function PinControl(props: ControlProps<Pin>) {
  const { value } = props;
  const isTyping = value !== null && 'digits' in value;
  return (
    <div class="stack">
      <div class="input-row">
        <input
          id={props.id}
          name={props.name}
          class="input"
          type="password"
          inputMode="numeric"
          autocomplete="new-password"
          placeholder={value === null ? 'No PIN' : 'A PIN is set; type a new one to replace it'}
          value={isTyping ? value.digits : ''}
          aria-describedby={props.describedBy}
          aria-invalid={props.isInvalid}
          onInput={event => props.onChange({ digits: event.currentTarget.value })}
        />
        {value !== null && <Button onPress={() => props.onChange(null)}>Remove PIN</Button>}
      </div>
    </div>
  );
}
