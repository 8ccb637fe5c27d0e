import { describe, expect, test } from 'vitest'
import { readComplaint } from '../../../src/message/bounce/read-complaint.ts'
import { readFixture } from '../read-fixture.ts'

const originalMessageId = 'c7.41.aaaaaaaaaaaaaaaa@acme.test'

async function complaintOf(name: string) {
  return readComplaint((await readFixture(`bounce/${name}`)).parsed)
}

describe('a complaint', () => {
  test('in a feedback report (RFC 5965) names the type, the recipient and the mail', async () => {
    const recipient = 'kim@provider.test'
    expect(await complaintOf('arf-abuse')).toEqual({ feedbackType: 'abuse', recipient, originalMessageId })
  })

  test('that hides its recipient is of the one whom the mail was sent to', async () => {
    const recipient = 'kim@kunde.test'
    expect(await complaintOf('arf-recipient-only-in-the-mail')).toEqual({
      feedbackType: 'fraud',
      recipient,
      originalMessageId,
    })
  })

  test('of Microsoft comes without a report', async () => {
    const recipient = 'kim@hotmail.test'
    expect(await complaintOf('jmrp')).toEqual({ feedbackType: 'abuse', recipient, originalMessageId })
  })

  test.each([['read-receipt'], ['postfix-user-unknown'], ['person-forwards-a-bounce']])(
    'is not in %s',
    async (name) => {
      expect(await complaintOf(name)).toBeNull()
    },
  )
})
