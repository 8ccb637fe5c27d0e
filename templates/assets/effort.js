// Works on what a form asks for while somebody types, in the place of the question that whoever has no script answers.
for (const form of document.querySelectorAll('form[data-script=effort]')) {
  const { worker: path, challenge } = JSON.parse(form.dataset.data)
  const { proof, answer } = form.elements
  const question = answer.closest('.field')
  // Browsers have what it takes at a secure address alone.
  if (!window.Worker || !window.crypto?.subtle) continue

  const ask = (wanted) => {
    question.hidden = !wanted
    answer.required = wanted
  }
  let sent = null
  const go = () => {
    const button = sent
    sent = null
    form.removeAttribute('aria-busy')
    if (button) form.requestSubmit(button)
  }
  let working = true
  const end = (solution) => {
    working = false
    worker.terminate()
    // Where the work came to nothing, there is still the question.
    if (solution?.derivedKey) proof.value = JSON.stringify({ challenge, solution })
    else ask(true)
    go()
  }
  ask(false)
  const worker = new Worker(path)
  worker.addEventListener('message', ({ data }) => end(data))
  worker.addEventListener('error', () => end(null))
  worker.postMessage({ type: 'work', challenge, counterStart: 0, counterStep: 1 })
  form.addEventListener('submit', (event) => {
    if (!working) return
    event.preventDefault()
    sent = event.submitter
    form.setAttribute('aria-busy', 'true')
  })
}
