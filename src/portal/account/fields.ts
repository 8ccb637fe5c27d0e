import type { FieldView, FormView } from '../../render/account-pages.ts'

const PLAIN: FieldView = {
  name: '',
  label: '',
  type: 'text',
  value: '',
  autocomplete: '',
  required: true,
  hint: '',
  error: '',
  checked: false,
  options: [],
}

/** A field of a form; what is not said is empty, and it must be filled in. */
export function field(over: Partial<FieldView> & Pick<FieldView, 'name' | 'label'>): FieldView {
  return { ...PLAIN, ...over }
}

/** A form that is sent to where its page is. */
export function form(over: Partial<FormView> & Pick<FormView, 'fields' | 'button'>): { form: FormView } {
  return { form: { action: '', grave: false, script: null, data: '', ...over } }
}
