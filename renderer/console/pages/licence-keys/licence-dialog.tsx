import { useRef, useState } from 'preact/hooks';
import type { LicenceStatus } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { FailureNotice } from '../../parts/notice.tsx';
import { PickFile } from '../../parts/pick-file.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole } from '../../state/console.ts';

type LicenceDialogProps = { onClose: () => void; onImported: (status: LicenceStatus) => void };

/** The contract's limit; a licence file has a few hundred characters. */
const LONGEST = 20_000;

export function LicenceDialog({ onClose, onImported }: LicenceDialogProps) {
  const { api } = useConsole();
  const [file, setFile] = useState('');
  const [isAsked, setAsked] = useState(false);
  const { isBusy, failure, run, forget } = useRequest();
  const area = useRef<HTMLTextAreaElement>(null);
  const mistake =
    file.trim() === ''
      ? 'Choose the file, or paste its text here'
      : file.length > LONGEST
        ? 'This is too long for a licence file'
        : null;
  const change = (text: string) => {
    setFile(text);
    forget();
  };

  function submit() {
    setAsked(true);
    if (mistake) {
      area.current?.focus();
      return;
    }
    void run(() => api.setLicence(file), onImported);
  }
  return (
    <Dialog title="Import a licence file" onClose={onClose} isBusy={isBusy} isWide>
      <form
        noValidate
        onSubmit={event => {
          event.preventDefault();
          submit();
        }}
      >
        <div class="dialog-body">
          <Field
            label="Licence file"
            error={isAsked && mistake ? mistake : undefined}
            hint="As your vendor sent it. It takes the place of the present one."
          >
            {({ id, describedBy, isInvalid }) => (
              <textarea
                ref={area}
                id={id}
                name="file"
                class="input input-code"
                rows={7}
                spellcheck={false}
                value={file}
                aria-invalid={isInvalid}
                aria-describedby={describedBy}
                onInput={event => change(event.currentTarget.value)}
              />
            )}
          </Field>
          <div class="buttons">
            <PickFile
              accept=".lic,.licence,.license,.txt,.json,.jwt"
              icon="upload"
              onFile={own => void own.text().then(change)}
            >
              Choose a file
            </PickFile>
          </div>
          {failure && <FailureNotice failure={failure} />}
        </div>
        <footer class="dialog-foot">
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isBusy={isBusy}>
            Import
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
