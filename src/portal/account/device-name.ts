import Bowser from 'bowser'

/** 'Firefox, Linux' for a User-Agent, for people to recognise their devices by; '' where it says nothing. */
export function deviceName(userAgent: string): string {
  if (userAgent.trim() === '' || userAgent.length > 1_000) return ''
  const { browser, os } = Bowser.parse(userAgent)
  return [browser.name, os.name]
    .filter((name) => name)
    .join(', ')
    .slice(0, 80)
}
