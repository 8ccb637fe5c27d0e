/** A delivery report in the form of RFC 3464, as mail servers write it. */
export function deliveryReport(over: {
  /** Where it is sent: the envelope sender of the mail that failed. */
  to: string
  /** Whose mailbox does not exist. */
  recipient: string
  action?: 'failed' | 'delayed'
  status?: string
  /** The Message-ID of the mail that failed, without angle brackets. */
  messageId?: string
}): string {
  const { to, recipient, action = 'failed', status = '5.1.1', messageId = 'unknown@acme.test' } = over
  return [
    'Return-Path: <>',
    'Received: from mx.customer.test by mail.acme.test; Fri, 20 Nov 2026 10:05:00 +0100',
    'From: Mail Delivery System <MAILER-DAEMON@customer.test>',
    `To: <${to}>`,
    'Subject: Undelivered Mail Returned to Sender',
    `Message-ID: <report-${Math.trunc(performance.now() * 1000)}@customer.test>`,
    'Date: Fri, 20 Nov 2026 10:05:00 +0100',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    `<${recipient}>: host mx.customer.test said: 550 ${status} no such user (in reply to RCPT TO command)`,
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.customer.test',
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: smtp; 550 ${status} no such user`,
    '',
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: <${messageId}>`,
    `To: <${recipient}>`,
    'Subject: Re: Sag',
    '',
    '--b--',
    '',
  ].join('\r\n')
}
