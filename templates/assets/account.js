// The pages work without this; it keeps the list of password rules up to date while somebody types.
const signs = {
  least: (text, number) => [...text].length >= number,
  most: (text, number) => [...text].length <= number,
  upper: (text) => /\p{Lu}/u.test(text),
  lower: (text) => /\p{Ll}/u.test(text),
  digit: (text) => /\p{Nd}/u.test(text),
  sign: (text) => /[^\p{L}\p{N}\s]/u.test(text),
  address: (text, _number, address) =>
    text !== '' && text.toLowerCase() !== address && text.toLowerCase() !== address.split('@')[0],
}

for (const form of document.querySelectorAll('form[data-script=rules]')) {
  const password = form.querySelector('input[name=password]')
  const rules = form.querySelectorAll('[data-rule]')
  const address = (form.dataset.data ?? '').toLowerCase()
  password?.addEventListener('input', () => {
    const text = password.value.normalize('NFKC')
    for (const rule of rules) {
      // What everybody guesses is known to the server alone.
      const judge = signs[rule.dataset.rule]
      if (judge) rule.classList.toggle('met', judge(text, Number(rule.dataset.number), address))
    }
  })
}
