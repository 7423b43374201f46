import type { FieldErrors, Fields } from './draft.ts';

/** What every group of fields gets. */
export type FormPartProps = {
  fields: Fields;
  errors: FieldErrors;
  onChange: (change: Partial<Fields>) => void;
};

/** What every text field of one name has. */
export const textOf = (
  name: Exclude<
    keyof Fields,
    'isTypedIn' | 'serverType' | 'signIn' | 'access' | 'changeNotifications' | 'holidayCalendar'
  >,
  { fields, errors, onChange }: FormPartProps,
) => ({
  name,
  value: fields[name],
  error: errors[name],
  onInput: (value: string) => onChange({ [name]: value }),
});
