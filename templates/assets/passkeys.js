// Passkeys (WebAuthn). Without this, the buttons lead to a page that says what is needed.
// Everything is converted here, not by toJSON(): password managers that stand in for the browser answer without it.
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (it) => it.charCodeAt(0))
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer ?? [])))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '')
const withBytes = (list) => (list ?? []).map((it) => ({ ...it, id: toBytes(it.id) }))

/** What the server says to something; 'text' is to be shown. */
async function send(form, path, fields) {
  const { words } = JSON.parse(form.dataset.data)
  const csrf = form.elements.csrf.value
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...fields, csrf }),
  })
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return isJson ? await response.json() : { text: words.failed }
}

function show(form, text) {
  document.querySelector('#passkey-problem')?.remove()
  const alert = document.createElement('p')
  alert.id = 'passkey-problem'
  alert.className = 'alert error'
  alert.setAttribute('role', 'alert')
  alert.textContent = text
  form.before(alert)
}

/** Does what the server says: goes on, or shows why not. */
function follow(form, { to, text }) {
  if (to) location.assign(to)
  else show(form, text)
}

function explain(form, error) {
  const { words } = JSON.parse(form.dataset.data)
  if (error.name === 'NotAllowedError') show(form, words.cancelled)
  else if (error.name === 'InvalidStateError') show(form, words.exists)
  else if (error.name === 'NotSupportedError' || error.name === 'ConstraintError') show(form, words.unable)
  else show(form, words.failed)
}

async function add(form) {
  const { ask, answer } = JSON.parse(form.dataset.data)
  const asked = await send(form, ask, {})
  const { options } = asked
  if (!options) return follow(form, asked)
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: withBytes(options.excludeCredentials),
    },
  })
  const { response } = made
  const fields = {
    id: toText(made.rawId),
    clientData: toText(response.clientDataJSON),
    attestation: toText(response.attestationObject),
    transports: (response.getTransports?.() ?? []).join(),
    name: form.elements.name.value,
  }
  follow(form, await send(form, answer, fields))
}

/** `how`: { signal, mediation: 'conditional' } lets the browser offer passkeys where the address is typed. */
async function enter(form, how) {
  const { ask, answer } = JSON.parse(form.dataset.data)
  const asked = await send(form, ask, {})
  const { options } = asked
  if (!options) return how.mediation ? undefined : follow(form, asked)
  const publicKey = {
    ...options,
    challenge: toBytes(options.challenge),
    allowCredentials: withBytes(options.allowCredentials),
  }
  const found = await navigator.credentials.get({ publicKey, ...how })
  const { response } = found
  const fields = {
    id: toText(found.rawId),
    clientData: toText(response.clientDataJSON),
    authenticatorData: toText(response.authenticatorData),
    signature: toText(response.signature),
    userHandle: toText(response.userHandle),
    to: form.elements.to.value,
  }
  const said = await send(form, answer, fields)
  // Whoever keeps this passkey need not offer it again.
  if (said.unknown) await PublicKeyCredential.signalUnknownCredential?.({ rpId: options.rpId, credentialId: fields.id })
  follow(form, said)
}

const able = typeof PublicKeyCredential === 'function' && navigator.credentials
let offered = null

function onSubmit(form, work) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const { words } = JSON.parse(form.dataset.data)
    if (!able) return show(form, words.unable)
    const button = form.querySelector('button:not([type])')
    button.disabled = true
    offered?.abort()
    try {
      await work(form, {})
    } catch (error) {
      explain(form, error)
    } finally {
      button.disabled = false
    }
  })
}

for (const form of document.querySelectorAll('form[data-script=passkey-add]')) onSubmit(form, add)
for (const form of document.querySelectorAll('form[data-script=passkey-enter]')) {
  onSubmit(form, enter)
  if (able && document.querySelector('[autocomplete~=webauthn]')) offer(form)
}

/** The browser offers passkeys among the addresses that it knows. What fails there is said to nobody: nobody asked for it. */
async function offer(form) {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return
  offered = new AbortController()
  try {
    await enter(form, { mediation: 'conditional', signal: offered.signal })
  } catch (error) {
    if (!['AbortError', 'NotAllowedError'].includes(error.name)) console.warn(error)
  }
}
