import { Icon, type IconName } from './icon.tsx';

type PickFileProps = {
  children: string;
  /** As in the attribute: `image/*` or `.csv,text/csv`. */
  accept: string;
  onFile: (file: File) => void;
  icon?: IconName;
  isBusy?: boolean;
};

/** A button that opens the file picker for one file; the same file may be picked again after it was changed. */
export const PickFile = ({ children, accept, onFile, icon, isBusy = false }: PickFileProps) => (
  <label class="button button-plain pick-file" aria-busy={isBusy}>
    {isBusy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
    {children}
    <input
      type="file"
      class="sr-only"
      accept={accept}
      onClick={event => {
        if (isBusy) event.preventDefault();
      }}
      onChange={event => {
        const file = event.currentTarget.files?.[0];
        event.currentTarget.value = '';
        if (file) onFile(file);
      }}
    />
  </label>
);
