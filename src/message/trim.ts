/**
 * The text without the characters of a set at its ends; white space of every kind counts where the set holds a space. O(length),
 * which a pattern anchored at the end is not.
 */
export function trimSet(text: string, set: string): string {
  let start = 0
  while (start < text.length && isIn(set, text.charAt(start))) start++
  return trimEndSet(text.slice(start), set)
}

/** The same at the end alone. */
export function trimEndSet(text: string, set: string): string {
  let end = text.length
  while (end > 0 && isIn(set, text.charAt(end - 1))) end--
  return text.slice(0, end)
}

function isIn(set: string, char: string): boolean {
  return set.includes(char) || (set.includes(' ') && char.trim() === '')
}
