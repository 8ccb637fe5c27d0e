/** Whether a text can be a mail address at all; whether it is one, only a mail to it shows. */
export function looksLikeAddress(text: string): boolean {
  return text.length <= 254 && /^[^\s@<>"(),;:\\]{1,64}@[^\s@<>"(),;:\\]+\.[^\s@<>"(),;:\\.]{2,}$/u.test(text)
}
